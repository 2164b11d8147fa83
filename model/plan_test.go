package model_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zhencai/model"
)

// Whatever a plan is made of comes back from JSON, but for what is tagged not to be written; nothing is hidden from JSON by its name or its type.
func TestPlanAsJSON(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var look func(reflect.Type)
	look = func(kind reflect.Type) {
		for kind.Kind() == reflect.Pointer || kind.Kind() == reflect.Slice || kind.Kind() == reflect.Map {
			kind = kind.Elem()
		}
		if seen[kind] || kind.Kind() != reflect.Struct || kind == reflect.TypeFor[decimal.Decimal]() {
			return
		}
		seen[kind] = true
		for i := range kind.NumField() {
			field := kind.Field(i)
			if field.Tag.Get("json") == "-" {
				continue
			}
			was, is := reflect.New(kind), reflect.New(kind)
			fill(t, was.Elem().Field(i))
			data, err := json.Marshal(was.Interface())
			if err == nil {
				err = json.Unmarshal(data, is.Interface())
			}
			if err != nil || !reflect.DeepEqual(was.Interface(), is.Interface()) {
				t.Errorf("%s.%s: %+v came back as %+v (%v, %s)", kind, field.Name, was.Elem(), is.Elem(), err, data)
			}
			look(field.Type)
		}
	}
	for _, one := range []any{model.Plan{}, model.Scenario{}, model.Layer{}, model.Element{}, model.Param{}, model.Param{}.Values, model.Field{}} {
		look(reflect.TypeOf(one))
	}
	if len(seen) < 10 {
		t.Errorf("only %d types", len(seen))
	}
}

// The members of every list can be told apart: by a name, the item they are about, or what their number stands for.
func TestListMembers(t *testing.T) {
	lists := 0
	for _, s := range model.Schema() {
		for _, k := range s.Kinds {
			for _, f := range k.Fields {
				named := slices.ContainsFunc(f.Fields, func(m model.Field) bool { return m.Key == "name" || m.Key == "item" && m.Of == "revenue" })
				numbered := strings.Count(f.Member.ZH, "%s") == 1 && strings.Count(f.Member.EN, "%s") == 1
				if list := f.Kind == model.ListField; list && named == numbered || !list && f.Member != (model.Text{}) {
					t.Errorf("%s.%s: named %v, numbered %v", s.Key, f.Key, named, numbered)
				} else if list {
					lists++
				}
			}
		}
	}
	if lists < 8 {
		t.Errorf("only %d lists", lists)
	}
}

// fill gives a variable something that is not nothing.
func fill(t *testing.T, v reflect.Value) {
	if !v.CanSet() {
		t.Fatalf("%s cannot be set from outside: JSON does not see it", v.Type())
	}
	if v.Type() == reflect.TypeFor[decimal.Decimal]() {
		v.Set(reflect.ValueOf(decimal.RequireFromString("-12.5")))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("“值”\n" + strings.Repeat("x", 3))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(1))
		if v.Type().Elem() == reflect.TypeFor[decimal.Decimal]() {
			fill(t, v.Index(0))
		}
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(t, key)
		fill(t, value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Tag.Get("json") != "-" {
				fill(t, v.Field(i))
			}
		}
	default:
		t.Fatalf("no value for %s", v.Type())
	}
}
