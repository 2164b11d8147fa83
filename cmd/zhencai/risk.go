package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/scenarios"
)

// openWith loads a plan with more than overrides on top, and builds its book.
func (a *app) openWith(path string, opt scenarios.Options) (*model.Book, *scenarios.Loaded, error) {
	loaded := scenarios.Load(path, opt)
	problems := loaded.Problems
	var book *model.Book
	if loaded.Plan != nil {
		var more []model.Problem
		book, more = model.Build(loaded.Plan)
		problems = append(problems, more...)
	}
	if a.show(problems, loaded.Sources, book == nil) > 0 || book == nil {
		return nil, loaded, errShown
	}
	return book, loaded, nil
}

// places finds scenarios by id; without any, all that the plan declares, or base.
func (a *app) places(plan *model.Plan, chosen []string, declared int) (places []int, err error) {
	var ids []string
	for _, s := range plan.Scenarios[:declared] {
		ids = append(ids, s.ID)
	}
	for _, id := range chosen {
		i := slices.Index(ids, id)
		if i < 0 {
			return nil, usageError{formula.Textf("没有情景 %q%s；有：%v", "there is no scenario %q%s; there are: %v", id, formula.DidYouMean(id, ids), ids)}
		}
		places = append(places, i)
	}
	for i := range ids {
		if len(chosen) == 0 && (i > 0 || len(ids) == 1) {
			places = append(places, i)
		}
	}
	return places, nil
}

// figure reads LINE or LINE:how.
func (a *app) figure(book *model.Book, s string) (model.Headline, error) {
	h, ok := reports.Figure(book, s)
	if !ok {
		line, _, _ := strings.Cut(s, ":")
		return h, a.noLine(book, line, formula.Text{ZH: "；行名后可加 :total :last :min :max", EN: "; after the line :total :last :min or :max may follow"})
	}
	return h, nil
}

func (a *app) noLine(book *model.Book, name string, hint formula.Text) error {
	var names []string
	for _, l := range book.Lines {
		if l.Input == formula.NotInput {
			names = append(names, l.Address())
		}
	}
	return usageError{formula.Textf("没有算出来的行 %q%s%s；zhencai lines PLAN 列出全部", "there is no computed line %q%s%s; zhencai lines PLAN prints them all", name, formula.DidYouMean(name, names), hint)}
}

// lines finds lines by name.
func (a *app) lines(book *model.Book, names []string) (lines []int, err error) {
	for _, name := range names {
		i := book.Program.Index(name)
		if i < 0 || book.Lines[i].Input != formula.NotInput {
			return nil, a.noLine(book, name, formula.Text{})
		}
		lines = append(lines, i)
	}
	return lines, nil
}

// write saves files and says so.
func (a *app) write(files ...reports.File) error {
	for _, f := range files {
		if err := reports.Save(f); err != nil {
			return a.cannotWrite(f.Path, err)
		}
		fmt.Fprintln(a.out, a.t("已写出 ", "wrote ")+f.Path)
	}
	return nil
}

// defaultFigure is what analyses look at unless told otherwise: all the town receives over the plan years.
const defaultFigure = "town_receives:total"

func (a *app) setFlag(c *cobra.Command, set *[]string) {
	c.Flags().StringArrayVar(set, "set", nil, a.t("改一个参数，如 transfers.share.rate=40%（可多次）", "change a parameter, such as transfers.share.rate=40% (repeatable)"))
}
