package workbook

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
	"zhencai/reports/data"
)

// ReadPrevious reads a results.json or a workbook of ours. Of a workbook it takes the inputs as they stand in it, so that what somebody changed in it is
// compared with.
func ReadPrevious(name string, raw []byte) (*reports.Previous, error) {
	if text := bytes.TrimSpace(bytes.TrimPrefix(raw, []byte(model.ByteOrderMark))); bytes.HasPrefix(text, []byte("{")) {
		raw = text
	}
	switch what := model.NotText(raw[:min(len(raw), 4096)]); {
	case bytes.HasPrefix(raw, []byte("{")):
	case !bytes.HasPrefix(raw, []byte("PK")) && what.ZH != "":
		return nil, cannotRead("%s；要的是镇财写的 results.json 或工作簿（.xlsx）", "%s; wanted is a results.json or a workbook (.xlsx) of zhencai", what)
	case !bytes.HasPrefix(raw, []byte("PK")):
		return nil, cannotRead("不是镇财写的 results.json 或工作簿（results.csv 不行，它没有写全）", "not a results.json or a workbook of zhencai (a results.csv will not do: it does not hold everything)")
	default:
		o, err := openBook(raw)
		if err != nil {
			return nil, err
		}
		if n := len(o.v.Invalid); n > 0 && o.now != nil {
			bad := o.v.Invalid[0]
			return nil, cannotRead("它有 %d 个输入不能用，如 %s（%s）：%s；先用 zhencai verify 看清，改正再比", "%d of its inputs cannot be used, such as %s (%s): %s; see zhencai verify, correct them, then compare", n, bad.Cell, bad.What, bad.Found)
		}
		if o.now == nil {
			return nil, cannotRead("它的输入算不出来：%s", "its inputs cannot be computed with: %s", o.v.Invalid[len(o.v.Invalid)-1].Found)
		}
		if raw, err = data.JSON(o.now); err != nil {
			return nil, err
		}
	}
	if len(raw) > usual.file {
		return nil, cannotRead("文件太大", "the file is too large")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var doc data.Document
	if err := d.Decode(&doc); err != nil || len(doc.Lines) == 0 || len(doc.Scenarios) == 0 {
		return nil, cannotRead("不是镇财写的 results.json 或工作簿", "not a results.json or a workbook of zhencai")
	}
	if long := longText(&doc); long != "" {
		return nil, cannotRead("有一段文字超过 %d 个字：%s…", "a text has more than %d characters: %s…", model.LongestText, long)
	}
	p := &reports.Previous{Name: name, Version: doc.Version, Date: doc.Date, Hash: doc.Hash, Values: map[string]map[string]map[string]string{}, Labels: map[string]string{}}
	for _, l := range doc.Lines {
		p.Labels[l.ID] = l.Label
	}
	for _, s := range doc.Scenarios {
		p.Values[s.ID] = map[string]map[string]string{}
		for line, years := range s.Values {
			p.Values[s.ID][line] = map[string]string{}
			for year, v := range years {
				switch v := v.(type) {
				case json.Number:
					if _, err := formula.Entered(v.String()); err != nil {
						return nil, cannotRead("%s 在 %s 年的数不能读：%s", "%s in %s cannot be read: %s", line, year, v.String())
					}
					p.Values[s.ID][line][year] = v.String()
				case string:
					p.Values[s.ID][line][year] = v
				case nil:
					p.Values[s.ID][line][year] = ""
				}
			}
		}
	}
	return p, nil
}

// longText is the beginning of a text that is longer than any of ours; empty if there is none.
func longText(doc *data.Document) (begin string) {
	look := func(texts ...any) {
		for _, t := range texts {
			if s, ok := t.(string); ok && utf8.RuneCountInString(s) > model.LongestText {
				begin = string([]rune(s)[:40])
			}
		}
	}
	look(doc.Version, doc.Date, doc.Hash)
	for _, l := range doc.Lines {
		look(l.ID, l.Label)
	}
	for _, s := range doc.Scenarios {
		look(s.ID)
		for line, years := range s.Values {
			look(line)
			for year, v := range years {
				look(year, v)
			}
		}
	}
	return begin
}
