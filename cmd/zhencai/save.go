package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"zhencai/model/formula"
	"zhencai/reports/data"
	"zhencai/scenarios"
	"zhencai/scenarios/files"
	"zhencai/scenarios/towns"
)

func (a *app) replaceFlag(c *cobra.Command) {
	c.Flags().BoolVar(&a.replace, "replace", false, a.t("覆盖别的计划的结果或来历不明的文件", "overwrite results of another plan, or a file of which nothing is known"))
}

// tableSaver saves a table computed from a plan, if it may be written where it is to go; with no path there is nothing to write.
func (a *app) tableSaver(command, plan string, loaded *scenarios.Loaded, path string) (s files.Saver, err error) {
	if path == "" {
		return s, nil
	}
	of := files.Origin{Command: command, Plan: scenarios.PlanName(plan), Place: files.Place(filepath.Dir(path), plan)}
	s = files.Saver{Of: of, Replace: a.replace, Inputs: loaded.Sources.Paths()}
	if err := s.Check(path); err != nil {
		return s, a.cannotWrite(path, err)
	}
	return s, nil
}

// save writes the files of one folder that a command computed, and says so and what else is to be known of the folder.
func (a *app) save(s files.Saver, all ...files.File) error {
	dir := filepath.Dir(all[0].Path)
	a.tell(dir)
	kept, err := s.Save(all...)
	if err != nil {
		return a.cannotWrite(all[0].Path, err)
	}
	for _, name := range kept {
		fmt.Fprintln(a.out, formula.Textf("原来的工作簿被人改过，留为 %s", "the workbook that was there had been changed by a person; it is kept as %s", name).In(a.lang))
	}
	for _, f := range all {
		a.wrote(f.Path)
	}
	a.tell(dir)
	return nil
}

// tell says what is to be known of the outputs in a folder, each thing once in a command.
func (a *app) tell(dir string) {
	for _, t := range files.Told(dir) {
		if !slices.Contains(a.said, t) {
			a.said = append(a.said, t)
			fmt.Fprintln(a.errs, t.In(a.lang))
		}
	}
}

// wrote says that a file is written, and where it really is if its folder was named through a link.
func (a *app) wrote(path string) {
	dir, really := filepath.Dir(path), ""
	if at, err := filepath.EvalSymlinks(dir); err == nil && !strings.EqualFold(at, filepath.Clean(dir)) {
		really = formula.Textf("（实际在 %s）", " (really in %s)", at).In(a.lang)
	}
	fmt.Fprintln(a.out, a.t("已写出 ", "wrote ")+path+really)
}

func (a *app) cannotWrite(path string, err error) error {
	var halfway *files.Halfway
	var known interface{ In(formula.Lang) string }
	switch {
	case path == "":
		return usageError{formula.Text{ZH: "要写的文件或文件夹没有名字", EN: "what is to be written has no name"}}
	case errors.As(err, &halfway):
		return errors.New(halfway.In(a.lang))
	case errors.As(err, &known):
		return errors.New(known.In(a.lang) + a.t("；原有文件未动", "; nothing was changed"))
	}
	return errors.New(a.t("写不了 "+path+"（原有文件未动）：", "cannot write "+path+" (nothing was changed): ") + files.Reason(err).In(a.lang))
}

// saveTowns writes tables of towns on behalf of somebody.
func saveTowns(s files.Saver) towns.Save {
	return func(path string, header []string, next func() ([]string, error), note string) error {
		return data.SaveTowns(s, path, header, next, note)
	}
}

// townSaver saves a table of towns computed from inputs: plans, a table and its template, or parts.
func (a *app) townSaver(o manyTowns, inputs ...string) files.Saver {
	inputs = slices.DeleteFunc(slices.Clone(inputs), func(path string) bool { return path == "" })
	var names []string
	for _, path := range inputs[:min(len(inputs), 3)] {
		names = append(names, scenarios.PlanName(path))
	}
	of := files.Origin{Command: "towns", Plan: strings.Join(names, " "), Place: files.Place(filepath.Dir(o.to), inputs...)}
	switch {
	case o.merge: // parts are computed anew and under other names: a merge belongs to the folder they are in
		parts, _ := filepath.Abs(filepath.Dir(inputs[0]))
		of.Command, of.Plan, of.Place = "towns --merge", filepath.Base(parts), files.Place(filepath.Dir(o.to), parts)
	case o.shard != "":
		of.Command += " --shard " + o.shard
	}
	return files.Saver{Of: of, Replace: a.replace}
}
