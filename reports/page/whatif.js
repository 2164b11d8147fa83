// The sliders: other terms, computed in the page by the same rule book as everything else.
function whatIf(page) {
  "use strict";
  const table = document.getElementById("tries"), data = page.data, words = page.words;
  if (!table) return { choose: () => {}, curves: () => null, run: () => null };
  const inputs = Array.from(document.querySelectorAll("[data-slider]"));
  const moved = new Map(); // slider → its text
  const rows = Array.from(table.querySelectorAll("tbody tr:not(.group)"));
  const failed = document.getElementById("try-failed");
  let run = null;

  const signed = (text) => (Number(text) > 0 ? "+" : "") + text;

  // change gives each input that a slider moves its value.
  function change() {
    const by = new Map();
    moved.forEach((text, i) => {
      const s = data.sliders[i], d = page.book().parse(text + (s.rate ? "%" : ""));
      s.lines.forEach((line) => by.set(line, s.adds ? (was) => page.book().add(was, d) : () => d));
    });
    return (line, was) => (by.has(line) ? by.get(line)(was) : was);
  }

  function write(cell, text, why) {
    let button = cell.querySelector("button");
    if (!button) {
      button = document.createElement("button");
      button.type = "button";
      button.className = "number";
      button.tabIndex = -1;
      cell.replaceChildren(button);
    }
    button.textContent = text;
    button.dataset.why = why;
  }

  function level(cell, of, line) {
    let chip = cell.querySelector(".level");
    if (line < 0) return;
    const found = data.levels[Number(page.book().exactly("number", of.over(line, "last")))];
    if (!chip) cell.append(" ", (chip = document.createElement("span")));
    chip.className = "level " + found.Class;
    chip.textContent = found.Name;
  }

  // when is the column an explanation starts from: of a smallest or largest year, that year.
  function when(of, t, d) {
    const book = page.book();
    if (t.over === "total" || t.over === "last") return t.over === "total" ? "total" : book.columns - 1;
    for (let col = book.zero + 1; col < book.columns; col++) {
      const v = of.value(t.line, col);
      if (v !== null && book.sign(book.sub(v, d)) === 0) return col;
    }
    return book.columns - 1;
  }

  function compute() {
    const book = page.book(), wanted = data.tries.map((t) => t.line).concat(data.tried.line);
    const base = page.run(page.chosen());
    base.warm(wanted);
    run = book.run(page.chosen(), moved.size > 0 ? change() : null);
    run.warm(wanted);
    const refused = book.refused(run);
    let bad = refused >= 0;
    data.tries.forEach((t, i) => {
      const cells = rows[i].cells;
      try {
        if (refused >= 0) throw book.stopped;
        const before = base.over(t.line, t.over), after = run.over(t.line, t.over), text = (d) => (d === null ? words.none : t.rate ? book.percent(d) : book.amount(d));
        write(cells[1], text(before), page.chosen() + " " + t.line + " " + when(base, t, before));
        write(cells[2], text(after), "try " + t.line + " " + when(run, t, after));
        level(cells[1], base, t.level);
        level(cells[2], run, t.level);
        const difference = before === null || after === null ? null : book.sub(after, before);
        cells[3].textContent = difference === null ? words.none
          : (book.sign(difference) > 0 ? "+" : "") + (t.rate ? book.percent(difference).replace("%", words.points) : book.amount(difference));
      } catch (e) {
        if (e !== book.stopped) throw e;
        bad = true;
        [2, 3].forEach((k) => { cells[k].textContent = words.none; });
      }
    });
    failed.textContent = words.failed + (refused >= 0 ? words.colon + words.refused + book.full(refused) : "");
    failed.hidden = !bad;
    page.redraw("whatif");
    page.enter();
  }

  // tell writes beside each slider what it says, and the command that does the same.
  function tell() {
    const set = [];
    document.getElementById("try-scenario").textContent = data.scenarios[page.chosen()];
    inputs.forEach((input, i) => {
      const s = data.sliders[i], output = document.getElementById("tried-" + i), at = s.at[page.chosen()];
      if (!moved.has(i)) {
        input.value = at !== "" ? at : standing(s);
        output.textContent = at === "" ? words.varies : at + s.unit + words.unchanged;
      } else {
        const text = moved.get(i), value = s.adds ? signed(text) + "pp" : text + (s.rate ? "%" : "");
        output.textContent = (s.adds ? signed(text) : text) + s.unit;
        s.set.forEach((address) => set.push("--set " + address + "=" + value));
      }
      output.className = moved.has(i) ? "" : "as";
    });
    document.getElementById("try-set").textContent = set.length > 0 ? words.command + "zhencai run … " + set.join(" ") : "";
    document.getElementById("try-reset").disabled = moved.size === 0;
  }

  // standing is where the thumb of a slider rests whose inputs differ: the first one's last year.
  function standing(s) {
    const book = page.book(), d = page.run(page.chosen()).value(s.lines[0], book.columns - 1);
    return String(book.plain(s.rate ? book.mul(d, book.parse("100")) : d, 2));
  }

  function renew() {
    tell();
    compute();
  }
  let waiting = 0;
  inputs.forEach((input, i) => input.addEventListener("input", () => {
    if (data.sliders[i].adds && Number(input.value) === 0) moved.delete(i);
    else moved.set(i, input.value);
    tell();
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(compute);
  }));
  document.getElementById("try-reset").addEventListener("click", () => {
    moved.clear();
    renew();
  });

  // curves fills the chart: the line before and after.
  function curves(option) {
    if (!run) return;
    [page.run(page.chosen()), run].forEach((of, i) => {
      option.series[i].data = data.tried.cols.map((col) => {
        try { return page.book().plain(of.value(data.tried.line, col), 2); } catch (e) { return "-"; }
      });
    });
  }
  return { choose: renew, curves: curves, run: () => run };
}
