package main

import (
	"strings"

	"github.com/spf13/cobra"

	"zhencai/model/formula"
)

// flagText puts cobra's messages about flags into both languages.
func flagText(err error) formula.Text {
	text := err.Error()
	for _, m := range []struct{ en, zh string }{{"unknown flag: ", "没有选项 "}, {"unknown shorthand flag: ", "没有选项 "}, {"flag needs an argument: ", "选项后面缺少内容："}, {"invalid argument ", "选项的内容不对："}} {
		if rest, ok := strings.CutPrefix(text, m.en); ok {
			if m.en == "invalid argument " { // what follows is the library's English
				rest, _, _ = strings.Cut(rest, ":")
				rest = strings.Replace(rest, " for ", "，选项 ", 1)
			}
			return formula.Text{ZH: m.zh + rest, EN: text}
		}
	}
	return formula.Text{ZH: text, EN: text}
}

// args checks the number of arguments and names what is missing.
func (a *app) args(names ...string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) < len(names) {
			return usageError{formula.Textf("缺少 %s", "%s is missing", strings.Join(names[len(args):], " "))}
		}
		if len(args) > len(names) {
			return usageError{formula.Textf("多出来的内容：%s", "not expected: %s", strings.Join(args[len(names):], " "))}
		}
		return nil
	}
}

// speak gives help, usage and completion texts in the chosen language.
func (a *app) speak(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range append(root.Commands(), root) {
		c.InitDefaultHelpFlag()
		c.DisableFlagsInUseLine = true
		c.Flags().Lookup("help").Usage = a.t("显示用法", "show how to use it")
		switch c.Name() {
		case "help":
			c.Short = a.t("看某个命令的用法", "show how to use a command")
		case "completion":
			c.Short = a.t("生成命令行自动补全脚本（bash、zsh、fish、powershell）", "write the completion script for bash, zsh, fish or powershell")
		}
	}
	if a.lang == formula.EN {
		return
	}
	root.SetUsageTemplate(`用法：
  {{if .Runnable}}{{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}{{.CommandPath}} 命令{{end}}{{if .HasAvailableSubCommands}}

命令：{{range .Commands}}{{if (or .IsAvailableCommand (eq .Name "help"))}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

选项：
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}

通用选项：
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
`)
}
