package workbook

import (
	"bytes"

	"zhencai/model"
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
	return readResults(name, raw, mostEntries)
}
