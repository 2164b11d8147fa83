// Bundles charts.js into assets/charts.js, which Go embeds and git ignores. Run by `make assets` after `npm ci`.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

// The licences ask that their texts travel with the code, and a page that is mailed on has nothing but itself to carry them.
const licences = [
  ["Apache ECharts", "echarts/NOTICE"],
  ["Apache ECharts", "echarts/LICENSE"],
  ["Apache ECharts, parts from d3", "echarts/licenses/LICENSE-d3"],
  ["ZRender", "zrender/LICENSE"],
  ["tslib", "tslib/LICENSE.txt"],
];
const notices = licences.map(([what, file]) => `${what}: ${file}\n\n${readFileSync(at("node_modules/" + file), "utf8").trim()}`);
const banner = "/*!\n" + notices.join("\n\n----------\n\n").replace(/\r/g, "").replace(/\*\//g, "* /") + "\n*/";

const { metafile } = await build({
  metafile: true,
  entryPoints: [at("charts.js")],
  outfile: at("assets/charts.js"),
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2017", // browsers of 2020 and what office PCs derive from them
  legalComments: "inline",
  banner: { js: banner },
  logLevel: "warning",
});

// What somebody adds to the bundle must not go out without its licence.
for (const file of Object.keys(metafile.inputs)) {
  const name = file.match(/.*node_modules\/((@[^/]+\/)?[^/]+)\//)?.[1];
  if (name && !licences.some(([, text]) => text.startsWith(name + "/"))) throw new Error(`${name} is in the bundle and its licence is not`);
}
