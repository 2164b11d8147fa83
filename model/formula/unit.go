package formula

// Unit is what a number counts. It decides which formulas make sense and how a number is shown.
type Unit string

// The units of the rule book. Money is 万元 (10,000 yuan).
const (
	Money          Unit = "money"
	Person         Unit = "person"
	MoneyPerPerson Unit = "money_per_person"
	Yuan           Unit = "yuan"
	YuanPerPerson  Unit = "yuan_per_person"
	YuanPerMoney   Unit = "yuan_per_money"
	Ratio          Unit = "ratio"
	Number         Unit = "number"
	Years          Unit = "years"
	Year           Unit = "year"
	Flag           Unit = "flag"
	Choice         Unit = "choice"
)

// Inferred is declared for a line outside the rule book whose unit is the one its formula gives; Compile puts that in its place.
const Inferred Unit = "inferred"

// Units lists every unit, in the order of the documentation.
var Units = []Unit{Money, Person, MoneyPerPerson, Yuan, YuanPerPerson, YuanPerMoney, Ratio, Number, Years, Year, Flag, Choice}

var unitNames = map[Unit]Text{
	Money: {"万元", "10k yuan"}, Person: {"人", "persons"}, MoneyPerPerson: {"万元/人", "10k yuan per person"},
	Yuan: {"元", "yuan"}, YuanPerPerson: {"元/人", "yuan per person"}, YuanPerMoney: {"元/万元", "yuan per 10k yuan"},
	Ratio: {"比率", "ratio"}, Number: {"数", "number"}, Years: {"年数", "years"}, Year: {"年份", "year"},
	Flag: {"是/否", "yes/no"}, Choice: {"选项", "choice"},
}

// Text is the unit's name in both languages.
func (u Unit) Text() Text { return unitNames[u] }

// dims is a unit as the checker sees it: exponents of money, person and yuan, or a kind that does not multiply.
type dims struct {
	money, person, yuan int8
	kind                Unit // Year, Flag, Choice, or empty
	any                 bool // a constant takes the unit of what it stands beside
}

func (u Unit) dims() dims {
	switch u {
	case Money:
		return dims{money: 1}
	case Person:
		return dims{person: 1}
	case MoneyPerPerson:
		return dims{money: 1, person: -1}
	case Yuan:
		return dims{yuan: 1}
	case YuanPerPerson:
		return dims{yuan: 1, person: -1}
	case YuanPerMoney:
		return dims{yuan: 1, money: -1}
	case Year, Flag, Choice:
		return dims{kind: u}
	case Inferred:
		return dims{any: true}
	}
	return dims{}
}

// unit is the unit of which these are the dims; a plain number is Number, and there may be none.
func (d dims) unit() (u Unit, ok bool) {
	if d.plain() {
		return Number, true
	}
	for _, u := range Units {
		if u.dims() == d {
			return u, true
		}
	}
	return "", false
}

func (d dims) plain() bool { return d == dims{} || d.any }

func (d dims) same(o dims) bool { return d.any || o.any || d == o }

func (d dims) times(o dims, sign int8) dims {
	return dims{money: d.money + sign*o.money, person: d.person + sign*o.person, yuan: d.yuan + sign*o.yuan}
}

// text names the unit for an error message.
func (d dims) text() Text {
	if d.plain() {
		return Text{"比率或数", "a plain number"}
	}
	if u, ok := d.unit(); ok {
		return u.Text()
	}
	return Textf("万元^%d·人^%d·元^%d", "money^%d person^%d yuan^%d", d.money, d.person, d.yuan)
}
