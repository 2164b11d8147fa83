package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"zhencai/model"
	"zhencai/model/analysis"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/terminal"
	"zhencai/scenarios"
)

// open loads the plan with two more scenarios for each range, one at each end.
func (s *solving) open(ranges ...scenarios.Ends) (err error) {
	opt := scenarios.Options{Set: s.set}
	for _, e := range ranges {
		opt.Variants = append(opt.Variants, e.Variants(s.scenario)...)
	}
	if s.book, s.loaded, err = s.openWith(s.path, opt, counted); err != nil {
		return err
	}
	all := s.book.Plan.Scenarios
	s.declared = all[:len(all)-len(opt.Variants)]
	if s.scenario == "" {
		s.scenario = s.declared[min(1, len(s.declared)-1)].ID
	}
	s.place, err = scenarioPlace(s.declared, s.scenario)
	return err
}

// failed prints problems and says whether there are any.
func (s *solving) failed(problems []model.Problem) bool {
	return s.show(problems, s.loaded.Sources, false) > 0
}

// inquire compiles questions; their problems can then be shown with their texts.
func (s *solving) inquire(questions ...analysis.Question) (*analysis.Inquiry, []model.Problem) {
	for i := range questions {
		q := &questions[i]
		q.Text = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(q.Text) // one line, so that a caret finds its place
		s.loaded.Sources.Add(q.From, q.Text)
	}
	return analysis.Inquire(s.book, questions...)
}

// turning finds where a condition turns.
func (s *solving) turning() error {
	e, wrong := scenarios.ReadEnds("--vary", s.vary)
	if wrong.ZH != "" {
		return usageError{wrong}
	}
	if err := s.open(e); err != nil {
		return err
	}
	l, r, problems := e.Lever(s.book, len(s.declared), s.step)
	q, more := s.inquire(analysis.Question{Text: s.until, From: "--until", Condition: true})
	if s.failed(append(problems, more...)) {
		return errShown
	}
	run, err := s.compute(s.book, s.loaded.Sources, []string{s.scenario}, "", model.Computed)
	if err != nil {
		return err
	}
	search, problems := q.Solve(s.place, l, r, s.scan)
	if s.failed(problems) {
		return errShown
	}
	s.say(run, run.Solved(l, s.until, search))
	return nil
}

// equivalents finds what makes one scenario worth as much as another.
func (s *solving) equivalents() error {
	if err := s.open(); err != nil {
		return err
	}
	other, err := scenarioPlace(s.declared, s.worth)
	if err != nil {
		return err
	}
	if other == s.place {
		return usageError{formula.Textf("--scenario 和 --worth 是同一个情景 %s", "--scenario and --worth are the same scenario %s", s.worth)}
	}
	q, problems := s.inquire(analysis.Question{Text: s.value, From: "--value"})
	if s.failed(problems) {
		return errShown
	}
	run, err := s.compute(s.book, s.loaded.Sources, []string{s.scenario, s.worth}, "", model.Computed)
	if err != nil {
		return err
	}
	var values [2]decimal.Decimal
	for i, place := range []int{s.place, other} {
		answers, problems := q.Answers(place)
		if s.failed(problems) {
			return errShown
		}
		values[i] = answers[0]
	}
	all, problems := q.Equivalents(s.place, values[1], s.scan)
	if s.failed(problems) {
		return errShown
	}
	s.say(run, run.Equivalents(s.value, q.Unit(0), values, all, s.scan))
	return nil
}

// agreement finds where on a grid both sides have more than without agreement.
func (s *solving) agreement() error {
	var both []scenarios.Ends
	for _, text := range s.zones {
		e, wrong := scenarios.ReadEnds("--zone", text)
		if wrong.ZH != "" {
			return usageError{wrong}
		}
		both = append(both, e)
	}
	if err := s.open(both...); err != nil {
		return err
	}
	var levers [2]*analysis.Lever
	var ranges [2]analysis.Range
	var problems []model.Problem
	for i, e := range both {
		var more []model.Problem
		levers[i], ranges[i], more = e.Lever(s.book, len(s.declared)+2*i, s.step)
		problems = append(problems, more...)
	}
	q, more := s.inquire(analysis.Question{Text: s.townValue, From: "--town"}, analysis.Question{Text: s.countyValue, From: "--county"})
	problems = append(problems, more...)
	sides := reports.Sides{Values: [2]string{s.townValue, s.countyValue}}
	var fallbacks [2]int
	chosen := []string{s.scenario}
	for i, side := range []string{"town", "county"} {
		if fallbacks[i] = s.book.Plan.Fallback(side); fallbacks[i] < 0 {
			problems = append(problems, model.Problem{Text: formula.Textf("计划没有说%s谈不成时怎样", "the plan does not say what the %s has without agreement", formula.Text{ZH: map[string]string{"town": "镇", "county": "县"}[side], EN: side}),
				Hint: formula.Textf("给一个情景加 fallback: %s（或 both）", "give a scenario fallback: %s (or both)", side)})
			continue
		}
		sides.Fallbacks[i] = s.book.Plan.Scenarios[fallbacks[i]]
		if id := sides.Fallbacks[i].ID; !slices.Contains(chosen, id) {
			chosen = append(chosen, id)
		}
	}
	if s.failed(problems) {
		return errShown
	}
	run, err := s.compute(s.book, s.loaded.Sources, chosen, "", model.Computed)
	if err != nil {
		return err
	}
	sides.Units = [2]formula.Unit{q.Unit(0), q.Unit(1)}
	agreement, problems := q.Agree(s.place, fallbacks, levers, ranges, s.grid)
	if s.failed(problems) {
		return errShown
	}
	s.say(run, run.Zone(sides, levers, ranges, agreement))
	return nil
}

// say prints an answer, and that figures are illustrative if some are.
func (s *solving) say(run *reports.Run, answer reports.Table) {
	fmt.Fprint(s.out, terminal.Text(answer))
	if banner := run.Banner(); banner != "" {
		fmt.Fprintln(s.out, banner)
	}
}
