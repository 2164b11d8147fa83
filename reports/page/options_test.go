package page

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestExtrasAreMissing: what is added to an option of go-echarts has no field there, but for what is known to be of another type, and no two parts of one option
// have the same name, because JSON would then have neither. A newer go-echarts that has a field fails here: use its own.
func TestExtrasAreMissing(t *testing.T) {
	replaced := []string{ // go-echarts' type is too narrow for it, see options.go
		"series.label", "series.markArea", "series.markLine", "colours.pieces", "colourRange.gte", "colourRange.lt", "legend.selectedMode", "link.value",
	}
	var found []string
	for _, option := range []any{xAxis{}, yAxis{}, series{}, label{}, markArea{}, areaEdge{}, markLine{}, colours{}, colourRange{}, legend{}, tooltip{}, item{}, node{}, link{}} {
		of := reflect.TypeOf(option)
		var theirs, ours []string
		for i := range of.NumField() {
			if f := of.Field(i); f.Anonymous {
				theirs = append(theirs, jsonNames(f.Type)...)
			} else {
				ours = append(ours, jsonNames(reflect.StructOf([]reflect.StructField{{Name: f.Name, Type: f.Type, Tag: f.Tag}}))...)
			}
		}
		for i, name := range theirs {
			if slices.Contains(theirs[:i], name) {
				t.Errorf("%s: go-echarts has %q twice, JSON would have none", of.Name(), name)
			}
			if slices.Contains(ours, name) {
				found = append(found, of.Name()+"."+name)
			}
		}
	}
	slices.Sort(found)
	if slices.Sort(replaced); !slices.Equal(found, replaced) {
		t.Errorf("go-echarts has fields for %q, known are %q", found, replaced)
	}
}

// jsonNames are the names under which a struct's fields are written.
func jsonNames(of reflect.Type) (names []string) {
	for i := range of.NumField() {
		f := of.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" && f.Anonymous {
			names = append(names, jsonNames(f.Type)...)
		} else if name == "" {
			names = append(names, f.Name)
		} else if name != "-" {
			names = append(names, name)
		}
	}
	return names
}
