package model_test

import (
	"testing"

	"zhencai/model"
)

// TestIsTotal: what stands below the towns of a table is no town, and no town is taken for it.
func TestIsTotal(t *testing.T) {
	for _, name := range []string{"合计", "合 计", "总 计（万元）", "小计：", "（合计）", "一、合计", "（一）小计", "1.合计", "全县合计", "平均", "均值", "平均值", "累计", " 累 计 ", "注：不含上级补助", "注1：含基金", "备注: 见附表", "备注",
		"填表人：张三", "制表人： 李四", "审核人:", "单位：万元", "金额单位：万元", "填报日期：2022年1月", "数据来源：决算", "Total", "Grand total", "TOTAL (10k yuan)", "Average", "mean", "Note: without grants", "Source: accounts", "Unit: 10k yuan", "Prepared by: Li"} {
		if !model.IsTotal(name) {
			t.Errorf("%q is taken for a town", name)
		}
	}
	for _, name := range []string{"甲镇", "合计镇", "平均乡", "注口镇", "备注镇", "单位镇", "一镇", "三合镇", "（东）甲镇", "累计划镇", "Meanwood", "Noteby", "Unity", "Sumner", "第1镇：东部", "Date Creek", "", "（）", "-"} {
		if model.IsTotal(name) {
			t.Errorf("%q is taken for no town", name)
		}
	}
	for name, sum := range map[string]bool{"一、合计": true, "总 计（万元）": true, "累计": false, "平均": false, "注：": false} { // a clause may well be called 累计
		if model.IsSum(name) != sum {
			t.Errorf("%q is the name of a sum: %v", name, !sum)
		}
	}
}
