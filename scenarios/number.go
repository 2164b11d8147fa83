package scenarios

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/shopspring/decimal"
	"golang.org/x/text/width"

	"zhencai/model"
	"zhencai/model/formula"
)

// fault says why a text is not what was wanted; the caller knows where it stands.
type fault struct {
	code       string
	text, hint model.Text
}

// suffix is a unit a number may be written with: 3000元 is 3000 × 10^-4 万元.
type suffix struct {
	text  string
	shift int32
}

// suffixes are what may follow a number of each unit.
var suffixes = map[formula.Unit][]suffix{
	formula.Ratio:          {{"%", -2}},
	formula.Money:          {{"万元", 0}, {"元", -4}, {"亿元", 4}, {"万", 0}, {"亿", 4}},
	formula.MoneyPerPerson: {{"万元/人", 0}, {"元/人", -4}},
	formula.Yuan:           {{"元", 0}, {"万元", 4}},
	formula.YuanPerPerson:  {{"元/人", 0}, {"万元/人", 4}},
	formula.YuanPerMoney:   {{"元/万元", 0}},
	formula.Person:         {{"人", 0}, {"persons", 0}},
	formula.Years:          {{"年", 0}, {"years", 0}},
	formula.Year:           {{"年", 0}},
}

var (
	numberShape    = regexp.MustCompile(`^([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?\s*(.*)$`)
	exponentShape  = regexp.MustCompile(`^[+-]?[\d.]+[eE][+-]?\d`)
	fullWidthSigns = strings.NewReplacer("−", "-", "。", ".")
	tooLarge       = decimal.New(1, 15)
)

const (
	maxIntegerDigits = 15
	maxPlaces        = 20
	fenPlaces        = 6 // decimals of 万元 that make a whole fen
)

var (
	refusedRatio = decimal.NewFromInt(1) // a ratio from here on needs its %: 3 may be 3% or 300%
	warnedRatio  = decimal.New(2, -1)    // and from here on it is said how it was read
)

// parseNumber reads a number exactly as written, in the unit's own size (万元 for money, 1 for 100 %).
func parseNumber(s string, unit formula.Unit) (decimal.Decimal, *fault) {
	s = strings.TrimSpace(s)
	if unit == formula.Flag {
		if yes, ok := switchWord(s); ok {
			return decimal.NewFromInt(int64(map[bool]int{true: 1}[yes])), nil
		}
	}
	if plain := halfWidth(s); plain != s && numberShape.MatchString(plain) {
		return decimal.Zero, &fault{"full_width_number", formula.Textf("数字 %s 里有全角字符", "the number %s holds full-width characters", show(s)), formula.Textf("改成半角：%s", "write it in ASCII: %s", plain)}
	}
	m := numberShape.FindStringSubmatch(s)
	if m == nil || exponentShape.MatchString(s) {
		return decimal.Zero, notANumber(s, unit)
	}
	sign, whole, places, tail := m[1], strings.TrimLeft(strings.ReplaceAll(m[2], ",", ""), "0"), m[3], m[4]
	if sign == "+" {
		return decimal.Zero, &fault{"plus_sign", formula.Textf("%s 前面的加号没有意义", "the plus sign of %s has no meaning", show(s)),
			text("正数不写加号；在层里要增减，数额写 +10%，比率写 +2pp（加 2 个百分点）或 ×1.1", "write a positive number without it; in a layer, change an amount by +10%, a ratio by +2pp (two points) or ×1.1")}
	}
	shift, bad := unitShift(s, tail, unit)
	if bad != nil {
		return decimal.Zero, bad
	}
	if len(whole)+int(max(shift, 0)) > maxIntegerDigits || len(places)-int(min(shift, 0)) > maxPlaces {
		return decimal.Zero, &fault{"number_too_long", formula.Textf("数 %s 太长", "the number %s is too long", show(s)), formula.Textf("整数部分最多 %d 位，小数最多 %d 位", "at most %d digits before the point and %d after it", maxIntegerDigits, maxPlaces)}
	}
	d, err := decimal.NewFromString(strings.TrimPrefix(sign, "+") + "0" + whole + "." + places + "0")
	if err != nil {
		return decimal.Zero, notANumber(s, unit)
	}
	d = d.Shift(shift)
	if unit == formula.Ratio && tail == "" && d.Abs().GreaterThanOrEqual(refusedRatio) {
		return decimal.Zero, &fault{"forgotten_percent", formula.Textf("比率 %s 没有写百分号，有两种读法：%s%% 或 %s%%", "the ratio %s has no per-cent sign and can be read in two ways: %s%% or %s%%", s, d, d.Shift(2)),
			formula.Textf("写 %s%% 或 %s%%", "write %s%% or %s%%", d, d.Shift(2))}
	}
	return d, nil
}

// figure reads a number that stands in a plan, a layer or an option, and says what was made of it where that is not what everyone would expect.
func (l *loader) figure(n *node, unit formula.Unit) (decimal.Decimal, *fault) {
	d, bad := parseNumber(n.text, unit)
	switch {
	case bad != nil || n.def:
	case unit == formula.Ratio && d.Abs().GreaterThanOrEqual(warnedRatio) && !strings.HasSuffix(strings.TrimSpace(n.text), "%"):
		l.warn("bare_ratio", n.pos, formula.Textf("比率 %s 没有写百分号，按 %s%% 读", "the ratio %s has no per-cent sign; it is read as %s%%", strings.TrimSpace(n.text), d.Shift(2)), formula.Textf("写 %s%%；如果是 %s%%，照样写出百分号", "write %s%%; if %s%% is meant, write that", d.Shift(2), d))
	case unit == formula.Money && !d.Equal(d.Round(fenPlaces)):
		l.warn("finer_than_fen", n.pos, formula.Textf("金额 %s 比分还细，按 %s 万元读", "the amount %s is finer than a fen; it is read as %s", strings.TrimSpace(n.text), d.Round(fenPlaces)), formula.Textf("写 %s", "write %s", d.Round(fenPlaces)))
		d = d.Round(fenPlaces)
	}
	return d, bad
}

// unitShift is the power of ten that the unit written after a number stands for.
func unitShift(s, tail string, unit formula.Unit) (int32, *fault) {
	if tail == "" {
		return 0, nil
	}
	known := false
	for u, list := range suffixes {
		for _, x := range list {
			if strings.ReplaceAll(tail, " ", "") != x.text {
				continue
			}
			if u == unit {
				return x.shift, nil
			}
			known = true
		}
	}
	if !known {
		return 0, notANumber(s, unit)
	}
	return 0, &fault{"wrong_unit", formula.Textf("单位不对：%s，这里要的是%s", "wrong unit: %s, wanted here: %s", show(s), unit.Text()), expected(unit)}
}

// expected shows how a number of a unit is written.
func expected(unit formula.Unit) model.Text {
	examples := map[formula.Unit]string{formula.Ratio: "50% / 0.5", formula.Money: "300 / 300万元 / 1,200.5 / 3000元", formula.MoneyPerPerson: "2 / 2万元/人",
		formula.Person: "38 / 38人", formula.Years: "5 / 5年", formula.Year: "2022", formula.Yuan: "3000 / 3000元", formula.YuanPerPerson: "3000 / 3000元/人", formula.YuanPerMoney: "150 / 150元/万元",
		formula.Flag: "true / false"}
	if e, ok := examples[unit]; ok {
		return formula.Textf("写法：%s", "write it like this: %s", e)
	}
	return formula.Textf("写法：%s", "write it like this: %s", "0.5")
}

func notANumber(s string, unit formula.Unit) *fault {
	f := &fault{"not_a_number", formula.Textf("%s 不是数，这里要的是%s", "%s is not a number; wanted here: %s", show(s), unit.Text()), expected(unit)}
	switch {
	case s == "":
		return &fault{"missing_number", formula.Textf("缺数，这里要的是%s", "a number is missing; wanted here: %s", unit.Text()), text("填上数；真的没有就写 0", "fill it in; write 0 if there is none")}
	case exponentShape.MatchString(s):
		f.hint = text("不能用科学计数法，请把数字写全，如 1250000", "write the number in full, without an exponent, such as 1250000")
	case strings.Contains(strings.TrimLeft(s, "+-"), ","):
		f.hint = text("千位逗号每三位一个：1,200,000；或不写逗号", "a comma stands before every three digits: 1,200,000; or leave commas out")
	}
	return f
}

// Number reads a number of a unit as a plan file writes it (in 万元 for money, 1 for 100 %); wrong says why it cannot be read.
func Number(s string, unit formula.Unit) (d decimal.Decimal, wrong model.Text) {
	d, bad := parseNumber(s, unit)
	if bad != nil {
		wrong = bad.text
	}
	return d, wrong
}

// Relative reads a change such as -2pp, ×0.9 or, of an amount, +10%: what is there times the one, plus the other. ok is false for any other text.
func Relative(s string) (times, plus decimal.Decimal, ok bool) {
	rel, bad := parseRelative(s)
	if rel == nil || bad != nil {
		return times, plus, false
	}
	return rel.times, rel.plus, true
}

// halfWidth turns full-width digits and signs into ASCII.
func halfWidth(s string) string {
	return fullWidthSigns.Replace(width.Narrow.String(s))
}

// switchWord reads true or false, in either language.
func switchWord(s string) (yes, ok bool) {
	switch strings.ToLower(s) {
	case "true", "yes", "on", "是", "有":
		return true, true
	case "false", "no", "off", "否", "无":
		return false, true
	}
	return false, false
}

// limits are those of the schema, read once: by text and unit.
var limits sync.Map

// limitOf reads a bound of a field.
func limitOf(f *model.Field, s string) decimal.Decimal {
	unit := f.Unit
	if unit == formula.Ratio && !strings.HasSuffix(s, "%") { // a bound of 1 is 100 %
		unit = formula.Number
	}
	key := [2]string{s, string(unit)}
	if known, there := limits.Load(key); there {
		return known.(decimal.Decimal)
	}
	b, bad := parseNumber(s, unit)
	if bad != nil {
		panic("schema: bound " + s + " of " + f.Key)
	}
	limits.Store(key, b)
	return b
}

// bounds checks a number against its field.
func bounds(d decimal.Decimal, f *model.Field) *fault {
	limit := func(s string) decimal.Decimal { return limitOf(f, s) }
	switch {
	case f.Min != "" && d.LessThan(limit(f.Min)):
		return &fault{"out_of_bounds", formula.Textf("%s不能小于 %s，这里是 %s", "%s must be at least %s, here is %s", f.Label, format(limit(f.Min), f.Unit), format(d, f.Unit)), text("核对这个数和它的单位", "check the number and its unit")}
	case f.Max != "" && d.GreaterThan(limit(f.Max)):
		return &fault{"out_of_bounds", formula.Textf("%s不能大于 %s，这里是 %s", "%s must be at most %s, here is %s", f.Label, format(limit(f.Max), f.Unit), format(d, f.Unit)), text("核对这个数和它的单位", "check the number and its unit")}
	case f.Whole && !d.Equal(d.Truncate(0)):
		return &fault{"not_whole", formula.Textf("%s应是整数，这里是 %s", "%s must be a whole number, here is %s", f.Label, format(d, f.Unit)), text("去掉小数", "leave out the decimals")}
	case d.Abs().GreaterThanOrEqual(tooLarge):
		return &fault{"number_too_long", formula.Textf("数 %s 太大", "the number %s is too large", format(d, f.Unit)), formula.Textf("整数部分最多 %d 位", "at most %d digits before the point", maxIntegerDigits)}
	}
	return nil
}

// format writes a number for a message.
func format(d decimal.Decimal, unit formula.Unit) string {
	if unit == formula.Ratio {
		return d.Shift(2).String() + "%"
	}
	return d.String()
}

// relative is a change that a layer makes to what stands there.
type relative struct {
	times, plus decimal.Decimal
	percent     bool // written as ±n%
}

// of is what the text means for a parameter, nil if it replaces what is there: a ratio's -5% is a value, as it is in the plan.
func (r *relative) of(f *model.Field) *relative {
	if r == nil || r.percent && f != nil && f.Unit == formula.Ratio {
		return nil
	}
	return r
}

// apply changes a number of a unit; an amount stays in whole fen.
func (r *relative) apply(d decimal.Decimal, unit formula.Unit) decimal.Decimal {
	places := int32(maxPlaces)
	if unit == formula.Money {
		places = fenPlaces
	}
	if d = d.Mul(r.times).Add(r.plus); d.Exponent() < -places {
		d = d.Round(places)
	}
	return d
}

// parseRelative recognises -2pp, ±10% and ×0.9. It is nil, nil for any other text. What ±10% means is the unit's to say.
func parseRelative(s string) (*relative, *fault) {
	s = strings.TrimSpace(s)
	one := decimal.NewFromInt(1)
	for _, mark := range []string{"×", "x", "X", "*"} {
		rest, ok := strings.CutPrefix(s, mark)
		if !ok || rest == "" {
			continue
		}
		unit := formula.Number
		if strings.HasSuffix(rest, "%") {
			unit = formula.Ratio
		}
		d, bad := parseNumber(rest, unit)
		if bad != nil && bad.code == "not_a_number" {
			return nil, nil
		}
		return &relative{times: d}, bad
	}
	if len(s) < 2 || !slices.Contains([]byte("+-"), s[0]) {
		return nil, nil
	}
	for _, mark := range []string{"pp", "个百分点"} {
		if rest, ok := strings.CutSuffix(s, mark); ok {
			d, bad := parseNumber(strings.TrimSpace(rest[1:])+"%", formula.Ratio)
			if s[0] == '-' {
				d = d.Neg()
			}
			return &relative{times: one, plus: d}, bad
		}
	}
	if strings.HasSuffix(s, "%") {
		d, bad := parseNumber(s[1:], formula.Ratio)
		if s[0] == '-' {
			d = d.Neg()
		}
		return &relative{times: one.Add(d), percent: true}, bad
	}
	return nil, nil
}
