package scenarios

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"zhencai/model/formula"
)

func schema(t *testing.T, lang formula.Lang) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(JSONSchema(lang)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("plan.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("plan.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func valid(t *testing.T, s *jsonschema.Schema, data []byte) error {
	t.Helper()
	var v any
	if err := yaml.Load(data, &v); err != nil {
		t.Fatal(err)
	}
	return s.Validate(textKeysOnly(v))
}

// textKeysOnly is YAML as an editor hands it to a JSON Schema: every key a string.
func textKeysOnly(v any) any {
	switch v := v.(type) {
	case map[any]any:
		out := map[string]any{}
		for k, x := range v {
			b, _ := yaml.Marshal(k)
			out[string(bytes.TrimSpace(b))] = textKeysOnly(x)
		}
		return out
	case map[string]any:
		for k, x := range v {
			v[k] = textKeysOnly(x)
		}
	case []any:
		for i, x := range v {
			v[i] = textKeysOnly(x)
		}
	}
	return v
}

func TestJSONSchema(t *testing.T) {
	zh, en := schema(t, formula.ZH), schema(t, formula.EN)
	if !bytes.Equal(JSONSchema(formula.ZH), JSONSchema(formula.ZH)) || bytes.Equal(JSONSchema(formula.ZH), JSONSchema(formula.EN)) {
		t.Error("the schema is not stable, or does not speak both languages")
	}
	good := map[string][]byte{"starter": Starter(formula.ZH), "starter in English": Starter(formula.EN), "sample": []byte(sample)}
	schemes, _ := filepath.Glob("schemes/*/plan.yaml")
	for _, path := range append(schemes, "worked-case/plan.yaml", "../model/testdata/everything.yaml") {
		if data, err := os.ReadFile(path); err == nil {
			good[path] = data
		}
	}
	for name, data := range good {
		if err := valid(t, zh, data); err != nil {
			t.Errorf("%s is refused: %v", name, err)
		}
		if err := valid(t, en, data); err != nil {
			t.Errorf("%s is refused: %v", name, err)
		}
	}
	for _, code := range []string{"unknown_key", "missing_key", "missing_kind", "unknown_kind", "missing_section", "bad_id", "unknown_choice", "unknown_status", "unknown_grade", "unknown_edition", "not_by_year", "wrong_type"} {
		data, err := os.ReadFile(filepath.Join("testdata/errors", code+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		if valid(t, zh, data) == nil {
			t.Errorf("the schema accepts the example of %s", code)
		}
	}
}
