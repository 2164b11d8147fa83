package workbook

import (
	"bytes"
	"encoding/json"
	"errors"
	"unicode/utf8"

	"zhencai/model"
	"zhencai/model/formula"
	"zhencai/reports"
)

// A results.json is read piece by piece, and no more of anything than a plan can have: what is too much or there twice is refused where it begins, before it
// takes memory.
const (
	mostMembers   = 100 // of a document, a line or a scenario
	mostScenarios = 501 // a plan's, and base
	mostYears     = 1000
	mostEntries   = model.MostMemory / model.AsResults // in all
)

// results is a results.json being read.
type results struct {
	*json.Decoder
	entries, most int // so far, and allowed
}

// readResults takes out of a results.json what is compared, of at most so many entries.
func readResults(name string, raw []byte, most int) (*reports.Previous, error) {
	d := &results{Decoder: json.NewDecoder(bytes.NewReader(raw)), most: most}
	d.UseNumber()
	p := &reports.Previous{Name: name, Values: map[string]map[string]map[string]string{}, Labels: map[string]string{}}
	err := d.object(mostMembers, func(key string) (err error) {
		switch key {
		case "version":
			p.Version, err = d.text()
		case "date":
			p.Date, err = d.text()
		case "inputs_sha256":
			p.Hash, err = d.text()
		case "lines":
			err = d.array(model.MostLines, func() error { return d.line(p) })
		case "scenarios":
			err = d.array(mostScenarios, func() error { return d.scenario(p) })
		default:
			err = d.skip()
		}
		return err
	})
	var ours *unreadable
	switch {
	case errors.As(err, &ours):
		return nil, err
	case err != nil || len(p.Labels) == 0 || len(p.Values) == 0:
		return nil, errNotResults
	}
	return p, nil
}

var errNotResults = cannotRead("不是镇财写的 results.json 或工作簿", "not a results.json or a workbook of zhencai")

// line reads what a line is called.
func (d *results) line(p *reports.Previous) error {
	var id, label string
	err := d.object(mostMembers, func(key string) (err error) {
		switch key {
		case "id":
			id, err = d.text()
		case "label":
			label, err = d.text()
		default:
			err = d.skip()
		}
		return err
	})
	if _, twice := p.Labels[id]; err == nil && twice {
		return twiceThere(id)
	}
	p.Labels[id] = label
	return err
}

// scenario reads the values of a scenario.
func (d *results) scenario(p *reports.Previous) error {
	id, lines := "", map[string]map[string]string{}
	err := d.object(mostMembers, func(key string) (err error) {
		switch key {
		case "id":
			id, err = d.text()
		case "values":
			err = d.object(model.MostLines, func(line string) error {
				lines[line] = map[string]string{}
				return d.object(mostYears, func(year string) (err error) {
					lines[line][year], err = d.value(line, year)
					return err
				})
			})
		default:
			err = d.skip()
		}
		return err
	})
	if _, twice := p.Values[id]; err == nil && twice {
		return twiceThere(id)
	}
	p.Values[id] = lines
	return err
}

// value is a number as it is written, a text, or empty for a blank.
func (d *results) value(line, year string) (string, error) {
	t, err := d.Token()
	switch v := t.(type) {
	case json.Number:
		if _, err := formula.Entered(v.String()); err != nil {
			return "", cannotRead("%s 在 %s 年的数不能读：%s", "%s in %s cannot be read: %s", line, year, begin(v.String()))
		}
		return v.String(), nil
	case string:
		return v, short(v)
	case nil:
		return "", err
	}
	return "", errNotResults
}

// text is a text of no more than its length.
func (d *results) text() (string, error) {
	t, err := d.Token()
	if err != nil {
		return "", err
	}
	s, ok := t.(string)
	if !ok {
		return "", errNotResults
	}
	return s, short(s)
}

// object reads an object; each is given the key of every member and reads its value.
func (d *results) object(most int, each func(key string) error) error {
	seen := map[string]bool{}
	return d.all('{', most, func() error {
		key, err := d.text()
		switch {
		case err != nil:
			return err
		case seen[key]:
			return twiceThere(key)
		}
		seen[key] = true
		return each(key)
	})
}

// array reads an array; each reads one element.
func (d *results) array(most int, each func() error) error { return d.all('[', most, each) }

func (d *results) all(opens json.Delim, most int, each func() error) error {
	switch t, err := d.Token(); {
	case err != nil:
		return err
	case t == nil: // null: there are none
		return nil
	case t != opens:
		return errNotResults
	}
	for n := 0; d.More(); n++ {
		if d.entries++; n == most || d.entries > d.most {
			return cannotRead("有一处超过 %d 项，或一共超过 %d 项：镇财写的没有那么多；用镇财原来写出的文件", "something has more than %d entries, or all has more than %d: zhencai writes no more; use the file as zhencai wrote it", most, d.most)
		}
		if err := each(); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// skip passes over a value.
func (d *results) skip() error {
	var passed json.RawMessage
	return d.Decode(&passed)
}

func twiceThere(name string) error {
	return cannotRead("“%s”出现了两次；用镇财原来写出的文件", "“%s” stands there twice; use the file as zhencai wrote it", begin(name))
}

// short refuses a text that is longer than any of ours.
func short(s string) error {
	if utf8.RuneCountInString(s) > model.LongestText {
		return cannotRead("有一段文字超过 %d 个字：%s", "a text has more than %d characters: %s", model.LongestText, begin(s))
	}
	return nil
}

// begin is the beginning of a text, for a message.
func begin(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
