package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// places finds scenarios by id; without any, all that the plan declares, or base.
func (a *app) places(plan *model.Plan, chosen []string, declared int) (places []int, err error) {
	known := plan.Scenarios[:declared]
	for _, id := range chosen {
		i, err := scenarioPlace(known, id)
		if err != nil {
			return nil, err
		}
		places = append(places, i)
	}
	for i := range known {
		if len(chosen) == 0 && (i > 0 || len(known) == 1) {
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
