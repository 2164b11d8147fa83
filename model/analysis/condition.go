package analysis

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/formula"
)

// Question is a condition on a scenario, such as min(cash) >= 0, or a value of it, such as sum(town_receives): a formula in which every line
// stands inside a word that makes one figure of its plan years.
type Question struct {
	Text      string
	From      string // the option it was given with, for messages
	Condition bool   // it must be true or false; else it must be a figure
}

// Inquiry is questions compiled with the lines of a book. Each becomes lines of the rule language, so it means what any formula means.
type Inquiry struct {
	book      *model.Book
	questions []Question
	program   *formula.Program // the book's lines in their places, then those of the questions
	spots     map[string]spot  // of every line that was added
}

// spot is the part of a question's text that a line was made of. A line made around it has its errors put under the whole part.
type spot struct {
	asked  Question
	span   formula.Span
	around bool
}

// Inquire compiles questions about the scenarios of a book. All problems are returned at once, each with its place in the question's text.
func Inquire(b *model.Book, questions ...Question) (*Inquiry, []model.Problem) {
	r := &rewriter{book: b, spots: map[string]spot{}}
	for _, l := range b.Lines {
		r.lines = append(r.lines, l.Line)
	}
	for i, asked := range questions {
		r.rewrite(answerOf(i), asked)
	}
	q := &Inquiry{book: b, questions: questions, spots: r.spots}
	program, errs := formula.Compile(r.lines, b.Groups, b.Plan.Calendar, b.Gone...)
	if problems := append(r.problems, q.problems(errs, false)...); len(problems) > 0 {
		return nil, problems
	}
	q.program = program
	for i, asked := range questions {
		r.asked = asked
		whole := formula.Span{From: 0, To: len(asked.Text)}
		switch unit := q.Unit(i); {
		case asked.Condition && unit != formula.Flag:
			r.fail(whole, formula.Textf("这是一个数（%s），不是条件", "this is a figure (%s), not a condition", unit.Text()), formula.Textf("拿它比较，如 %s >= 0", "compare it, such as %s >= 0", asked.Text))
		case !asked.Condition && unit == formula.Flag:
			r.fail(whole, model.Text{ZH: "这是一个条件，这里要一个数", EN: "this is a condition; a figure is needed here"}, model.Text{ZH: "如 sum(town_receives)", EN: "such as sum(town_receives)"})
		}
	}
	if len(r.problems) > 0 {
		return nil, r.problems
	}
	return q, nil
}

// answerOf is the line that answers a question in the last year.
func answerOf(question int) string { return fmt.Sprintf("_answer%d", question) }

func (q *Inquiry) line(question int) int { return q.program.Index(answerOf(question)) }

// Unit is what the answer to a question counts; Flag for a condition.
func (q *Inquiry) Unit(question int) formula.Unit { return q.program.Lines[q.line(question)].Unit }

// Answers are the answers to all questions in one scenario; 1 or 0 for a condition.
func (q *Inquiry) Answers(scenario int) (answers []decimal.Decimal, problems []model.Problem) {
	return q.answers(q.program.Evaluate(q.inputs(scenario)))
}

// answers reads the answers from an evaluation. What failed in a question matters only if an answer is made of it: not a division by zero in a year
// that is not asked about.
func (q *Inquiry) answers(v *formula.Values, errs []*formula.Error) (answers []decimal.Decimal, problems []model.Problem) {
	last, complete := q.book.Plan.Calendar.Columns()-1, true
	for i := range q.questions {
		d, _, there := v.At(q.line(i), last)
		answers, complete = append(answers, d), complete && there
	}
	if problems = q.problems(errs, complete); len(problems) > 0 {
		return nil, problems
	}
	return answers, nil
}

// inputs are a scenario's, with empty places for the lines of the questions.
func (q *Inquiry) inputs(scenario int) []formula.Input {
	return append(q.book.Inputs(scenario), make([]formula.Input, len(q.program.Lines)-len(q.book.Lines))...)
}

// problems puts errors of the language where their texts were written: in a question (unless it is answered all the same), or in the plan.
func (q *Inquiry) problems(errs []*formula.Error, answered bool) (problems []model.Problem) {
	for _, err := range errs {
		at, added := q.spots[err.Line]
		if !added {
			problems = append(problems, q.book.Problem(err))
		}
		if !added || answered {
			continue
		}
		span := at.span
		if !at.around {
			span = formula.Span{From: at.span.From + err.Span.From, To: at.span.From + err.Span.To}
		}
		p := model.Problem{Pos: at.asked.place(span), Text: err.Text}
		if at.around {
			p.Hint = model.Text{ZH: "min max sum mean first last at 用于数，all any 用于条件", EN: "min max sum mean first last at are for figures, all any for conditions"}
		}
		if err.Year != 0 {
			p.Text = formula.Textf("%d 年：%s", "%d: %s", err.Year, err.Text)
			p.Hint = model.Text{ZH: "能不除就不除：a / b <= 3 写成 a <= 3 * b", EN: "compare without dividing: write a <= 3 * b for a / b <= 3"}
		}
		if i := slices.IndexFunc(problems, func(o model.Problem) bool { return o.Pos == p.Pos }); i < 0 {
			problems = append(problems, p)
		} else if err.Year != 0 { // again in a later year, and only the last year's answer counts
			problems[i] = p
		}
	}
	return problems
}

// place is a part of a question's text as a position.
func (q Question) place(span formula.Span) model.Pos {
	return model.Pos{File: q.From, Line: 1, Col: 1 + len([]rune(q.Text[:span.From])), Len: len([]rune(q.Text[span.From:span.To]))}
}

// rewriter turns questions into lines.
type rewriter struct {
	book     *model.Book
	lines    []formula.Line
	spots    map[string]spot
	problems []model.Problem

	asked Question
	text  string // of the question, with a name in place of every word over the years so far
	count int    // such names, in all questions
}

func (r *rewriter) fail(span formula.Span, text, hint model.Text) {
	r.problems = append(r.problems, model.Problem{Pos: r.asked.place(span), Text: text, Hint: hint})
}

func (r *rewriter) add(l formula.Line, span formula.Span, around bool) {
	r.lines = append(r.lines, l)
	r.spots[l.Name] = spot{r.asked, span, around}
}

// rewrite adds the lines of one question; the last of them, of the name given, has its answer.
func (r *rewriter) rewrite(name string, asked Question) {
	r.asked, r.text = asked, asked.Text
	whole := formula.Span{From: 0, To: len(asked.Text)}
	if n := len(asked.Text); n > model.LongestFormula {
		r.fail(whole, formula.Textf("写了 %d 个字符，最多 %d 个", "this has %d characters, at most %d are allowed", n, model.LongestFormula), model.Text{ZH: "在计划里写成辅助行，再用它的名称", EN: "make it a line of the plan and use its name"})
		return
	}
	n, err := formula.Parse(asked.Text)
	if err != nil {
		r.fail(err.Span, err.Text, model.Text{ZH: "如 min(cash) >= 0 and last(debt) <= 3 * last(resources)", EN: "such as min(cash) >= 0 and last(debt) <= 3 * last(resources)"})
		return
	}
	before := len(r.problems)
	r.figure(n)
	if len(r.problems) == before {
		r.add(formula.Line{Name: name, Unit: formula.Inferred, Formula: r.text}, whole, false)
	}
}

// byName are the functions that read a line's other years or words, so they need the line itself and not a figure.
var byName = []string{"prev", "initial", "sum_years", "is"}

// figure walks a part of a question that must be one figure.
func (r *rewriter) figure(n *formula.Node) {
	switch i := formula.WordOfYears(n.Op); {
	case n.Op == "number":
	case n.Op == "name":
		r.bare(n)
	case i >= 0 && (len(n.Args) == 1 || !slices.Contains(formula.FunctionNames(), n.Op)):
		r.overYears(i, n)
	case slices.Contains(byName, n.Op):
		r.fail(n.Span, formula.Textf("%s( ) 每年一个数，要写明取哪一个", "%s( ) has a figure in every year; say which", n.Op), formula.Textf("放进 min( )、sum( )、last( )、all( ) 等里面，如 last(%s)", "put it inside min( ), sum( ), last( ), all( ) or the like, such as last(%s)", r.part(n)))
	case n.Op[0] >= 'a' && !slices.Contains(append(formula.FunctionNames(), "and", "or", "not", "negative"), n.Op):
		var words []string
		for _, w := range formula.YearWords {
			words = append(words, w.Word)
		}
		r.fail(formula.Span{From: n.Span.From, To: n.Span.From + len(n.Op)}, formula.Textf("没有函数 %q%s", "there is no function %q%s", n.Op, formula.DidYouMean(n.Op, append(formula.FunctionNames(), words...))),
			formula.Textf("把各年变成一个数的有：%s", "those that make one figure of the years: %s", strings.Join(words, " ")))
	default:
		for _, a := range n.Args {
			r.figure(a)
		}
	}
}

func (r *rewriter) part(n *formula.Node) string { return r.asked.Text[n.Span.From:n.Span.To] }

// bare reports a name outside every word over the years: it has a figure in every year.
func (r *rewriter) bare(n *formula.Node) {
	i := r.book.Program.Index(n.Text)
	if i < 0 && !slices.Contains(formula.Reserved(), n.Text) {
		var names []string
		for _, l := range r.book.Lines {
			names = append(names, l.Name)
		}
		r.fail(n.Span, formula.Textf("没有叫 %q 的行或参数%s", "there is no line or input called %q%s", n.Text, formula.DidYouMean(n.Text, names)), model.Text{ZH: "行的名称用 zhencai lines 查看", EN: "zhencai lines prints the names of all lines"})
		return
	}
	if r.blank(n) {
		return
	}
	such := formula.Textf("写 min(%[1]s)、max(%[1]s)、sum(%[1]s)、last(%[1]s) 或 at(%[1]s, %[2]d)", "write min(%[1]s), max(%[1]s), sum(%[1]s), last(%[1]s) or at(%[1]s, %[2]d)", n.Text, r.book.Plan.Calendar.Last)
	if i >= 0 && r.book.Program.Lines[i].Unit == formula.Flag {
		such = formula.Textf("写 all(%[1]s) 或 any(%[1]s)", "write all(%[1]s) or any(%[1]s)", n.Text)
	}
	r.fail(n.Span, formula.Textf("%q 每年一个数，要写明取哪一个", "%q has a figure in every year; say which", n.Text), such)
}

// overYears replaces a word over the years by a name exactly as long, so that places in the text stay what they are, and adds the lines it stands for.
func (r *rewriter) overYears(i int, n *formula.Node) {
	w, cal := formula.YearWords[i], r.book.Plan.Calendar
	year := ""
	if w.Word == "at" {
		from, to := cal.Actual+1, cal.Last
		if len(n.Args) == 2 {
			year = n.Args[1].Text
		}
		if y, err := strconv.Atoi(year); err != nil || y < from || y > to {
			r.fail(n.Span, formula.Textf("at 要一个量和一个测算年份（%d-%d）", "at takes a quantity and a plan year (%d-%d)", from, to), formula.Textf("如 at(cash, %d)", "such as at(cash, %d)", to))
			return
		}
	} else if len(n.Args) != 1 {
		r.fail(n.Span, formula.Textf("%s 要一个量，这里有 %d 个", "%s takes one quantity, here are %d", w.Word, len(n.Args)), formula.Textf("如 %s(cash)", "such as %s(cash)", w.Word))
		return
	}
	of := n.Args[0]
	if w.Word == "sum" && strings.Contains(of.Text, ".*") {
		of = n // sum(transfers.*.paid): of these lines and of the years
	}
	before := len(r.problems)
	r.yearly(of)
	if len(r.problems) > before {
		return
	}
	r.count++
	name := fmt.Sprintf("_%d", r.count)
	name += strings.Repeat("_", n.Span.To-n.Span.From-len(name))
	asked := name + ".of"
	r.add(formula.Line{Name: asked, Unit: formula.Inferred, Formula: r.part(of)}, of.Span, false)
	running := func(name string, i int) {
		w := formula.YearWords[i]
		f := strings.NewReplacer("SELF", name, "OF", asked, "YEAR", year).Replace(w.Formula)
		r.add(formula.Line{Name: name, Unit: w.Unit, Formula: f, Opening: w.Opening}, of.Span, true)
	}
	if w.Word == "mean" {
		running(name+".sum", formula.WordOfYears("sum"))
	}
	running(name, i)
	r.text = r.text[:n.Span.From] + name + r.text[n.Span.To:]
}

// yearly checks a part of a question that has a figure in every year for what only a question has to say better than the language does.
func (r *rewriter) yearly(n *formula.Node) {
	if i := formula.WordOfYears(n.Op); i >= 0 && !slices.Contains(formula.FunctionNames(), n.Op) {
		r.fail(n.Span, formula.Textf("%s( ) 已把各年变成一个数，不能再放进这里面", "%s( ) is one figure for all years and cannot stand inside another", n.Op), model.Text{ZH: "分开写，再用 + - and or 连起来", EN: "write them side by side, joined by + - and or"})
		return
	}
	if n.Op == "ratio" {
		r.fail(n.Span, model.Text{ZH: "ratio( ) 分母为 0 时是空白，不能拿来计算", EN: "ratio( ) is blank if its denominator is 0 and cannot be calculated with"}, r.insteadOf(n, r.asked.Text))
		return
	}
	if n.Op == "name" && r.blank(n) {
		return
	}
	for i, a := range n.Args {
		if n.Op != "is" || i == 0 {
			r.yearly(a)
		}
	}
}

// blank reports a name of a line that can be blank, and tells whether it is one.
func (r *rewriter) blank(n *formula.Node) bool {
	i := r.book.Program.Index(n.Text)
	if i < 0 || !r.book.Program.Lines[i].Blank() {
		return false
	}
	f := r.book.Program.Lines[i].Formula
	ratio, _ := formula.Parse(f)
	r.fail(n.Span, formula.Textf("%q 可能是空白（分母为 0 的比率），不能拿来计算", "%q can be blank (a ratio whose denominator is 0) and cannot be calculated with", n.Text), r.insteadOf(ratio, f))
	return true
}

// insteadOf says how to compare what a ratio is made of.
func (r *rewriter) insteadOf(ratio *formula.Node, text string) model.Text {
	if ratio == nil || ratio.Op != "ratio" || len(ratio.Args) != 2 {
		return model.Text{ZH: "比较它的分子和分母，如 all(debt <= 3 * resources)", EN: "compare its two parts, such as all(debt <= 3 * resources)"}
	}
	parts := [2]string{}
	for i, a := range ratio.Args {
		parts[i] = text[a.Span.From:a.Span.To]
		if a.Op != "name" {
			parts[i] = "(" + parts[i] + ")"
		}
	}
	return formula.Textf("比较它的分子和分母，如 all(%s <= 3 * %s)", "compare its two parts, such as all(%s <= 3 * %s)", parts[0], parts[1])
}
