package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
)

var (
	uncertaintyKeys = []string{"seed", "paths", "owed_over", "shocks", "correlation", "delivery"}
	lawKeys         = map[model.LawKind][]string{
		model.Normal: {"mean", "sd"}, model.Lognormal: {"sd"}, model.Triangular: {"low", "mode", "high"}, model.PERT: {"low", "mode", "high"}, model.Uniform: {"low", "high"},
	}
	one = decimal.NewFromInt(1)
)

const (
	defaultPaths = 100_000
	mostPaths    = 1_000_000_000
	mostShocks   = 200
)

// uncertainty reads what the plan says may turn out otherwise, and the shocks of the command line. The elements are known by now.
func (l *loader) uncertainty(n *node, more []string) {
	if n == nil || n.null {
		if len(more) == 0 {
			return
		}
		n = &node{shape: mapping}
	}
	if !l.keys(n, uncertaintyKeys) {
		return
	}
	u := &model.Uncertainty{Seed: 1, Paths: defaultPaths, Pos: n.pos}
	if v := n.get("seed"); v != nil {
		u.Seed = l.count(v, text("随机种子", "the seed"), 0)
	}
	if v := n.get("paths"); v != nil {
		if u.Paths = l.count(v, text("模拟次数", "the number of paths"), 0); u.Paths == 0 && strings.Trim(v.text, "0 ") == "" {
			l.fail("zero_paths", v.pos, text("模拟次数是 0", "the number of paths is 0"), formula.Textf("至少 1；不写则为 %d", "at least 1; %d if absent", defaultPaths))
		}
	}
	if v := n.get("owed_over"); v != nil {
		u.OwedOver, _ = l.amount(v, formula.Money)
	}
	if shocks := n.get("shocks"); shocks != nil && !shocks.null {
		if shocks.shape != mapping {
			l.wrongType(shocks, text("一组“地址: 分布”", "a set of address: distribution"))
		} else if len(shocks.keys) > mostShocks {
			l.fail("too_many_shocks", shocks.keys[mostShocks].pos, formula.Textf("随机变动的参数超过 %d 个", "more than %d parameters are shocked", mostShocks), text("用 * 合并，如 revenue.*.growth", "use *, as in revenue.*.growth"))
		} else {
			for i, k := range shocks.keys {
				u.Shocks = append(u.Shocks, l.shock(k, shocks.items[i]))
			}
		}
	}
	if len(more) > 0 {
		for _, en := range l.overlay("--shock", 0, more).entries {
			u.Shocks = slices.DeleteFunc(u.Shocks, func(s *model.Shock) bool { return s.Address == en.key.text })
			u.Shocks = append(u.Shocks, l.shock(en.key, en.value))
		}
	}
	l.correlation(u, n.get("correlation"))
	l.delivery(u, n.get("delivery"))
	l.plan.Uncertainty = u
}

// keys checks that a node is a mapping of known keys.
func (l *loader) keys(n *node, known []string) bool {
	if n.shape != mapping {
		l.wrongType(n, formula.Textf("一组键值（%s）", "a mapping (%s)", strings.Join(known, " ")))
		return false
	}
	ok := true
	for _, k := range n.keys {
		if !slices.Contains(known, k.text) {
			l.unknownKey(k, known)
			ok = false
		}
	}
	return ok
}

// count reads a whole number that is not negative.
func (l *loader) count(n *node, label model.Text, least int64) int64 {
	x, err := strconv.ParseInt(strings.ReplaceAll(strings.TrimSpace(n.text), ",", ""), 10, 64)
	if n.shape != scalar || err != nil || x < least || x > mostPaths {
		l.fail("bad_count", n.pos, formula.Textf("%s应是 %d 到 %d 的整数，写的是%s", "%s is a whole number from %d to %d, found %s", label, least, mostPaths, n.describe()), text("写成整数", "write a whole number"))
		return 0
	}
	return x
}

// amount reads one number of a unit; points (5pp) are as good as per cent.
func (l *loader) amount(n *node, unit formula.Unit) (decimal.Decimal, bool) {
	if n == nil {
		return decimal.Zero, false
	}
	if n.shape != scalar {
		l.wrongType(n, text("一个数", "a number"))
		return decimal.Zero, false
	}
	s := *n
	s.text = strings.TrimSpace(n.text)
	if rest, ok := points(s.text); ok && unit == formula.Ratio {
		s.text = strings.TrimPrefix(rest, "+") + "%"
	}
	d, bad := l.figure(&s, unit)
	if bad != nil {
		l.fail(bad.code, n.pos, bad.text, bad.hint)
		return decimal.Zero, false
	}
	return d, true
}

// points takes the sign of points off a text: 5pp, 5 个百分点.
func points(text string) (rest string, ok bool) {
	for _, mark := range []string{"pp", "个百分点"} {
		if rest, ok := strings.CutSuffix(strings.TrimSpace(text), mark); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return "", false
}

// drawn reads a number of a law. Points are a change, so they are no value to put in the plan's place.
func (l *loader) drawn(law *model.Law, n *node, unit formula.Unit) (decimal.Decimal, bool) {
	if rest, ok := points(n.text); ok && n.shape == scalar && unit == formula.Ratio && law.Replaces() {
		l.fail("points_as_value", n.pos, formula.Textf("%[1]s 抽到的数代替计划里的数，%[2]s 有两种读法：这个率就是 %[3]s%%，或在计划数上加减百分点", "what %[1]s draws takes the place of the plan's value; %[2]s can be read in two ways: the rate is %[3]s%%, or so many points on the plan's", law.Kind, strings.TrimSpace(n.text), strings.TrimPrefix(rest, "+")),
			formula.Textf("就是这个率写 %s%%；加减百分点用 normal: {sd: 3pp}", "for the rate itself write %s%%; for points on the plan's use normal: {sd: 3pp}", strings.TrimPrefix(rest, "+")))
		return decimal.Zero, false
	}
	return l.amount(n, unit)
}

// parameters finds what an address names, without a word if it names nothing: the model knows lines too and says what is wrong.
func (l *loader) parameters(address string) (places []model.Place, leaf *model.Field) {
	parts := strings.Split(address, ".")
	i := slices.IndexFunc(l.schema, func(s model.Section) bool { return s.Key == parts[0] })
	if i < 0 {
		return nil, nil
	}
	id, rest := "", parts[1:]
	if !l.schema[i].Single {
		if len(rest) == 0 {
			return nil, nil
		}
		id, rest = rest[0], rest[1:]
	}
	for _, e := range l.elements {
		if e.Section != parts[0] || id != "*" && e.ID != id || len(rest) == 0 {
			continue
		}
		t, bad := l.locate(e, rest)
		if bad != nil || t.leaf.Kind != "" && t.leaf.Kind != model.NumberField {
			continue
		}
		if n := e.fields[t.field].node; t.short && (n == nil || !n.short) { // the plan writes the list out: its short form names nothing
			continue
		}
		at := model.Place{Element: e.Address()}
		path := t.path
		if last := len(path) - 1; last >= 0 && yearShape.MatchString(path[last]) {
			at.Year, _ = strconv.Atoi(path[last])
			path = path[:last]
		}
		at.Key = strings.Join(append([]string{e.kind.Fields[t.field].Key}, path...), ".")
		places, leaf = append(places, at), t.leaf
	}
	return places, leaf
}

// shock reads one address and its distribution.
func (l *loader) shock(key, n *node) *model.Shock {
	s := &model.Shock{Address: strings.TrimSpace(key.text), Pos: key.pos, Law: model.Law{Pos: n.pos}}
	var leaf *model.Field
	if s.Places, leaf = l.parameters(s.Address); leaf == nil {
		return s
	}
	s.Law.Kind = model.FromErrors // unless the plan says otherwise
	if n.shape == scalar && (n.null || n.text == string(model.FromErrors)) {
		return s
	}
	var kinds []string
	for _, k := range model.LawKinds {
		kinds = append(kinds, string(k))
	}
	if n.shape != mapping {
		l.fail("no_law", n.pos, formula.Textf("%s 要一种分布，写的是%s", "%s takes a distribution, found %s", show(s.Address), n.describe()), formula.Textf("写成 {normal: {sd: 3pp}}；可用：%s", "write {normal: {sd: 3pp}}; there are: %s", strings.Join(kinds, " ")))
		return s
	}
	var found []string
	for i, k := range n.keys {
		switch v := n.items[i]; {
		case k.text == "persistent":
			yes, ok := switchWord(v.text)
			if !ok {
				l.wrongType(v, text(" yes 或 no", "yes or no"))
			}
			s.Persistent = yes
		case slices.Contains(kinds, k.text):
			found = append(found, k.text)
			s.Law.Kind, s.Law.Pos = model.LawKind(k.text), v.pos
			l.law(&s.Law, v, leaf.Unit)
		default:
			l.unknownKey(k, append(kinds, "persistent"))
			return s
		}
	}
	if len(found) > 1 {
		l.fail("no_law", n.pos, formula.Textf("%s 要正好一种分布，这里有 %d 种", "%s takes exactly one distribution, here are %d", show(s.Address), len(found)), formula.Textf("写成 {normal: {sd: 3pp}}；可用：%s", "write {normal: {sd: 3pp}}; there are: %s", strings.Join(kinds, " ")))
	}
	return s
}

// law reads the numbers of a distribution.
func (l *loader) law(law *model.Law, n *node, unit formula.Unit) {
	switch law.Kind {
	case model.FromErrors, model.Empirical:
		if n.text != "history" && !(law.Kind == model.FromErrors && n.text == "true") {
			l.wrongType(n, text(" history（历年预测误差）", "history (past forecast errors)"))
		}
		return
	case model.Discrete:
		l.discrete(law, n, unit)
		return
	}
	if !l.keys(n, lawKeys[law.Kind]) {
		return
	}
	ok := true
	into := map[string]*decimal.Decimal{"low": &law.Low, "mode": &law.Mode, "high": &law.High, "mean": &law.Mean, "sd": &law.SD}
	for _, key := range lawKeys[law.Kind] {
		v := n.get(key)
		if v == nil && key != "mean" {
			l.fail("missing_key", n.pos, formula.Textf("%s 缺少 %s", "%s lacks %s", law.Kind, key), formula.Textf("写成 %s: {%s: …}", "write %s: {%s: …}", law.Kind, strings.Join(lawKeys[law.Kind], ": …, ")))
			ok = false
			continue
		}
		of := unit
		if law.Kind == model.Lognormal {
			of = formula.Ratio
		}
		if v != nil {
			var good bool
			*into[key], good = l.drawn(law, v, of)
			ok = ok && good
		}
	}
	if !ok {
		return
	}
	say := func(d decimal.Decimal) string { return format(d, unit) }
	if v := n.get("mean"); v != nil && !law.Mean.IsZero() {
		if _, clear := points(v.text); !clear {
			l.warn("mean_of_normal", v.pos, formula.Textf("normal 抽到的数加在计划数上：mean: %[1]s 是平均比计划数多 %[1]s，不是平均到 %[1]s", "what normal draws is added to the plan's value: mean: %[1]s is %[1]s above the plan on average, not a level of %[1]s", say(law.Mean)),
				formula.Textf("只想围绕计划数波动，删去 mean；要抽这个水平，用 triangular: {low: …, mode: %[1]s, high: …}", "to vary around the plan's value delete mean; to draw the level itself use triangular: {low: …, mode: %[1]s, high: …}", say(law.Mean)))
		}
	}
	switch {
	case law.SD.IsNegative():
		l.fail("negative_spread", n.get("sd").pos, text("标准差 sd 不能是负数", "a standard deviation (sd) cannot be negative"), text("写 0 或正数", "write 0 or more"))
	case law.Low.GreaterThan(law.High):
		l.fail("law_disordered", n.pos, formula.Textf("最低 %s 大于最高 %s", "low %s is above high %s", say(law.Low), say(law.High)), text("对调 low 和 high", "swap low and high"))
	case (law.Kind == model.Triangular || law.Kind == model.PERT) && (law.Mode.LessThan(law.Low) || law.Mode.GreaterThan(law.High)):
		l.fail("mode_outside", n.get("mode").pos, formula.Textf("最可能值 %s 不在 %s 到 %s 之间", "the mode %s is not between %s and %s", say(law.Mode), say(law.Low), say(law.High)), text("核对 low、mode、high", "check low, mode and high"))
	}
}

func (l *loader) discrete(law *model.Law, n *node, unit formula.Unit) {
	if n.shape != mapping || len(n.keys) == 0 || len(n.keys) > maxListMembers {
		l.wrongType(n, text("一组“值: 概率”，如 {300: 50%, 400: 50%}", "a set of value: probability, such as {300: 50%, 400: 50%}"))
		return
	}
	sum, ok := decimal.Zero, true
	for i, k := range n.keys {
		v, good := l.drawn(law, k, unit)
		share, fine := l.amount(n.items[i], formula.Ratio)
		ok = ok && good && fine
		law.Values, law.Weights = append(law.Values, v), append(law.Weights, share)
		sum = sum.Add(share)
		ok = ok && !share.IsNegative()
	}
	if ok && formula.Compare(sum, one, formula.Ratio) != 0 || slices.ContainsFunc(law.Weights, decimal.Decimal.IsNegative) {
		l.fail("law_shares", n.pos, formula.Textf("各值的概率应都不小于 0、合计 100%%，这里合计 %s", "the probabilities must not be negative and add up to 100%%, here they add up to %s", format(sum, formula.Ratio)), text("调整概率", "adjust them"))
	}
}

// correlation reads how shocks hang together.
func (l *loader) correlation(u *model.Uncertainty, n *node) {
	if n == nil || n.null {
		return
	}
	u.Shrinkage = decimal.New(5, -1)
	if n.shape == scalar && n.text == "history" {
		u.FromHistory = true
		return
	}
	if !l.keys(n, []string{"from", "shrinkage", "pairs"}) {
		return
	}
	if v := n.get("from"); v != nil {
		if u.FromHistory = v.text == "history"; !u.FromHistory {
			l.wrongType(v, text(" history（按历年增长估计）", "history (estimated from past growth)"))
		}
	}
	if v := n.get("shrinkage"); v != nil {
		var ok bool
		if u.Shrinkage, ok = l.amount(v, formula.Ratio); ok && (u.Shrinkage.IsNegative() || u.Shrinkage.GreaterThan(one)) {
			l.fail("pair_out_of_range", v.pos, text("收缩率 shrinkage 应在 0 到 100% 之间", "shrinkage lies between 0 and 100%"), text("历史越短，收缩率应越大", "the shorter the history, the larger it should be"))
		}
	}
	pairs := n.get("pairs")
	if pairs == nil || pairs.null {
		return
	}
	if pairs.shape != list {
		l.wrongType(pairs, text("一个列表：[{between: [地址, 地址], is: 0.5}]", "a list: [{between: [address, address], is: 0.5}]"))
		return
	}
	before := l.fails
	for _, item := range pairs.items {
		l.pair(u, item)
	}
	if l.fails == before {
		l.possible(u, pairs)
	}
}

func (l *loader) pair(u *model.Uncertainty, n *node) {
	if !l.keys(n, []string{"between", "is"}) {
		return
	}
	between, is := n.get("between"), n.get("is")
	if between == nil || between.shape != list || len(between.items) != 2 || is == nil {
		l.wrongType(n, text("一对：{between: [地址, 地址], is: 0.5}", "a pair: {between: [address, address], is: 0.5}"))
		return
	}
	var known []string
	for _, s := range u.Shocks {
		known = append(known, s.Address)
	}
	p := model.Pair{Pos: n.pos}
	for i, into := range []*string{&p.A, &p.B} {
		if *into = between.items[i].text; !slices.Contains(known, *into) || i == 1 && p.B == p.A {
			l.fail("pair_unknown", between.items[i].pos, formula.Textf("相关的两项应是两个不同的 shocks 地址，这里是 %s%s", "the two sides of a correlation are two different addresses of shocks, here is %s%s", show(*into), l.guess(*into, known)), formula.Textf("已有：%s", "there are: %s", words(known, 20)))
			return
		}
	}
	a, b := u.Shocks[slices.Index(known, p.A)], u.Shocks[slices.Index(known, p.B)]
	if a.Persistent != b.Persistent {
		l.fail("pair_mixed", between.pos, text("相关的两项要都是每年一抽，或都是 persistent", "the two sides of a correlation must both be drawn by year, or both persistent"), text("两项的 persistent 写成一样", "give both the same persistent"))
		return
	}
	var ok bool
	if p.Is, ok = l.amount(is, formula.Number); !ok {
		return
	}
	if p.Is.Abs().GreaterThan(one) {
		l.fail("pair_out_of_range", is.pos, formula.Textf("相关系数应在 -1 到 1 之间，这里是 %s", "a correlation lies between -1 and 1, here is %s", p.Is), text("如 0.5", "such as 0.5"))
		return
	}
	u.Pairs = append(u.Pairs, p)
}

// possible checks that the pairs given can all hold at once, and offers the nearest that can.
func (l *loader) possible(u *model.Uncertainty, at *node) {
	var names []string
	for _, p := range u.Pairs {
		for _, a := range []string{p.A, p.B} {
			if !slices.Contains(names, a) {
				names = append(names, a)
			}
		}
	}
	c := analysis.NoCorrelation(len(names))
	for _, p := range u.Pairs {
		i, j := slices.Index(names, p.A), slices.Index(names, p.B)
		c[i][j], c[j][i] = p.Is.InexactFloat64(), p.Is.InexactFloat64()
	}
	if c.Possible() {
		return
	}
	near := c.Nearest()
	var offer []string
	for i := range names {
		for j := range i {
			offer = append(offer, fmt.Sprintf("{between: [%s, %s], is: %.3f}", names[j], names[i], near[i][j]))
		}
	}
	l.fail("correlation_impossible", at.pos, text("这些相关系数不能同时成立（相关矩阵不是半正定）", "these correlations cannot hold at once (their matrix is not positive semidefinite)"),
		formula.Textf("最接近的可行写法：%s", "the nearest that can: %s", words(offer, 30)))
}

// delivery reads the county's state as a risk.
func (l *loader) delivery(u *model.Uncertainty, n *node) {
	if n == nil || n.null || !l.keys(n, []string{"of", "full", "part", "nothing", "part_pays", "stays"}) {
		return
	}
	d := &model.DeliveryRisk{PartPays: decimal.New(5, -1), Pos: n.pos}
	var known []string
	for _, e := range l.elements {
		if e.Section == "transfers" && e.Kind != "upload" {
			known = append(known, e.ID)
		}
	}
	if of := n.get("of"); of == nil {
		d.Of = known
	} else if of.shape != list {
		l.wrongType(of, text("一个列表：[转移支付编号, …]", "a list: [transfer id, …]"))
	} else {
		for _, item := range of.items {
			if !slices.Contains(known, item.text) {
				l.fail("unknown_ref", item.pos, formula.Textf("%s里没有 %s%s", "%s has no %s%s", l.sectionLabel("transfers"), show(item.text), l.guess(item.text, known)), formula.Textf("可用：%s", "there are: %s", words(known, 30)))
			}
			d.Of = append(d.Of, item.text)
		}
	}
	ok := true
	for _, k := range []struct {
		key  string
		into *decimal.Decimal
	}{{"full", &d.Full}, {"part", &d.Part}, {"nothing", &d.Nothing}, {"part_pays", &d.PartPays}, {"stays", &d.Stays}} {
		if v := n.get(k.key); v != nil {
			var good bool
			*k.into, good = l.amount(v, formula.Ratio)
			ok = ok && good
		}
	}
	outside := slices.ContainsFunc([]decimal.Decimal{d.Full, d.Part, d.Nothing, d.PartPays, d.Stays}, func(x decimal.Decimal) bool { return x.IsNegative() || x.GreaterThan(one) })
	if sum := d.Full.Add(d.Part).Add(d.Nothing); ok && (outside || formula.Compare(sum, one, formula.Ratio) != 0) {
		l.fail("delivery_shares", n.pos, formula.Textf("full、part、nothing 应合计 100%%（这里 %s），各数都在 0 到 100%% 之间", "full, part and nothing must add up to 100%% (here %s), and every figure lie between 0 and 100%%", format(sum, formula.Ratio)), text("如 full: 50%, part: 30%, nothing: 20%, part_pays: 50%, stays: 80%", "such as full: 50%, part: 30%, nothing: 20%, part_pays: 50%, stays: 80%"))
	}
	u.Delivery = d
}
