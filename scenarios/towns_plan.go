package scenarios

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"

	"zhencai/model"
	"zhencai/model/formula"
)

// TownsPlan is a plan of plans: a file that says which towns are under one policy, as folders or as a table over a template.
type TownsPlan struct {
	Plans           []string // one per town
	Table, Template string   // or a table; paths are as the program can open them
	Scenario        string
	Paths           int64
	Pools           []string // transfer=amount, or amounts by year with a comma and a blank between them
}

var townsKeys = []string{"towns", "template", "scenario", "paths", "pools", "title"}

// ReadTowns reads a plan of plans. It is nil, without problems, if the file is something else: it has no key towns.
func ReadTowns(path string) (*TownsPlan, *Loaded) {
	file, err := model.OpenFile(path)
	if err != nil {
		return nil, &Loaded{}
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxFileBytes+1))
	data = bytes.TrimPrefix(data, []byte(model.ByteOrderMark))
	if err != nil || len(data) > maxFileBytes || !strings.Contains("\n"+string(data), "\ntowns:") {
		return nil, &Loaded{}
	}
	name := filepath.ToSlash(path)
	l := &loader{schema: model.Schema(), sources: &Sources{}, seen: map[problemKey]bool{}, plan: &model.Plan{}}
	l.sources.files = []source{{name: name, rel: name, data: data}}
	p := &TownsPlan{Scenario: "base"}
	if root := l.parse(data, name, model.Pos{}); root != nil && l.keys(root, townsKeys) {
		p.read(l, root, filepath.Dir(path))
	}
	problems, _ := l.sorted()
	return p, &Loaded{Problems: problems, Sources: l.sources}
}

func (p *TownsPlan) read(l *loader, root *node, dir string) {
	beside := func(name string) string {
		if filepath.IsAbs(name) {
			return name
		}
		return filepath.Join(dir, filepath.FromSlash(name))
	}
	towns := root.get("towns")
	switch {
	case towns.shape == scalar && IsTable(towns.text):
		p.Table = beside(towns.text)
		template := l.text(root, "template")
		if template == "" {
			l.fail("missing_key", towns.pos, text("有表就要有模板：缺少 template", "a table needs a template: template is missing"), text("写成 template: ../guangtong", "write template: ../guangtong"))
		}
		p.Template = beside(template)
	case towns.shape == list && len(towns.items) > 0:
		for _, item := range towns.items {
			if item.shape != scalar || item.null {
				l.wrongType(item, text("一个计划的文件夹", "the folder of a plan"))
				continue
			}
			p.Plans = append(p.Plans, beside(item.text))
		}
	default:
		l.wrongType(towns, text("计划文件夹的列表 [镇甲, 镇乙]，或一个表 towns.csv", "a list of plan folders [a, b], or a table towns.csv"))
	}
	if s := l.text(root, "scenario"); s != "" {
		p.Scenario = s
	}
	if n := root.get("paths"); n != nil {
		p.Paths = l.count(n, text("模拟次数", "the number of paths"), 0)
	}
	pools := root.get("pools")
	if pools == nil || pools.null {
		return
	}
	if pools.shape != mapping {
		l.wrongType(pools, text("一组“转移支付: 总额”", "a set of transfer: amount"))
		return
	}
	for i, k := range pools.keys {
		items := pools.items[i].items
		if pools.items[i].shape == scalar {
			items = []*node{pools.items[i]}
		}
		var amounts []string
		for _, item := range items {
			if d, ok := l.amount(item, formula.Money); ok {
				amounts = append(amounts, d.String())
			}
		}
		p.Pools = append(p.Pools, k.text+"="+strings.Join(amounts, ", "))
	}
}
