// The rule book in the page: exact decimals, the compiled formulas, and how they are read aloud. It means what model/formula/CONVENTION.md says
// and is held to the program's own engine, figure by figure, in a test. zh and words are given by boot.js.
function openBook(data, words) {
  "use strict";
  const lines = data.lines, zero = data.zero, columns = data.columns;

  // ---- decimals: n ÷ 10^e
  const powers = [1n];
  function ten(k) {
    while (powers.length <= k) powers.push(powers[powers.length - 1] * 10n);
    return powers[k];
  }
  const dec = (n, e) => ({ n: n, e: e });
  const whole = (n) => dec(BigInt(n), 0);
  const ZERO = whole(0), ONE = whole(1), KEPT = 60, PLACES = 30, FEN = 6;
  function parse(text) {
    const rate = text.endsWith("%");
    const parts = text.replace("%", "").replace(/,/g, "").split(".");
    const fraction = parts[1] || "";
    return dec(BigInt(parts[0] + fraction), fraction.length + (rate ? 2 : 0));
  }
  function align(a, b, join) {
    if (a.e === b.e) return dec(join(a.n, b.n), a.e);
    return a.e > b.e ? dec(join(a.n, b.n * ten(a.e - b.e)), a.e) : dec(join(a.n * ten(b.e - a.e), b.n), b.e);
  }
  const add = (a, b) => align(a, b, (x, y) => x + y);
  const sub = (a, b) => align(a, b, (x, y) => x - y);
  const mul = (a, b) => dec(a.n * b.n, a.e + b.e);
  const negate = (a) => dec(-a.n, a.e);
  const sign = (a) => (a.n < 0n ? -1 : a.n > 0n ? 1 : 0);
  const compare = (a, b) => sign(sub(a, b));
  function halfAway(n, d) {
    const q = (2n * (n < 0n ? -n : n) + d) / (2n * d);
    return n < 0n ? -q : q;
  }
  const round = (a, places) => (a.e <= places ? a : dec(halfAway(a.n, ten(a.e - places)), places));
  const nearest = (a, places) => round(round(a, 24), places); // a third of an amount, three times, is the amount again
  function divide(a, b, places) {
    let n = a.n * ten(places + b.e), d = b.n * ten(a.e);
    if (d < 0n) { n = -n; d = -d; }
    return dec(halfAway(n, d), places);
  }
  const integer = (a) => a.n % ten(a.e) === 0n;
  const toNumber = (a) => Number(a.n / ten(a.e)); // of whole numbers

  // ---- logarithm and power by series, in fixed point with digits to spare
  const SPARE = 70, UNIT = ten(SPARE);
  const fixed = (a) => (a.e <= SPARE ? a.n * ten(SPARE - a.e) : a.n / ten(a.e - SPARE));
  function log(x) { // 2·artanh((x−1)/(x+1))
    const y = ((x - UNIT) * UNIT) / (x + UNIT), square = (y * y) / UNIT;
    let sum = 0n, term = y;
    for (let k = 1n; term !== 0n; k += 2n, term = (term * square) / UNIT) sum += term / k;
    return 2n * sum;
  }
  const LOG2 = log(2n * UNIT);
  function ln(a) {
    if (sign(a) <= 0) throw stopped;
    let x = fixed(a), k = 0n;
    for (; 2n * x > 3n * UNIT; k++) x /= 2n;
    for (; 4n * x < 3n * UNIT; k--) x *= 2n;
    return round(dec(log(x) + k * LOG2, SPARE), PLACES);
  }
  function exp(a) {
    if (compare(a, whole(60)) > 0 || compare(a, whole(-60)) < 0) throw stopped;
    const x = fixed(a) / 256n;
    let sum = UNIT, term = UNIT;
    for (let k = 1n; term !== 0n; k++) sum += (term = (term * x) / UNIT / k);
    for (let i = 0; i < 8; i++) sum = (sum * sum) / UNIT;
    return round(dec(sum, SPARE), PLACES);
  }
  function root(a, k) {
    if (sign(a) < 0 || sign(k) <= 0) throw stopped;
    return sign(a) === 0 ? ZERO : exp(divide(ln(a), k, PLACES));
  }

  // ---- cells. A cell that cannot be computed stops what reads it.
  const stopped = { stopped: true };
  const flag = (yes) => (yes ? ONE : ZERO);
  const literals = new Map();
  function literal(text) {
    if (!literals.has(text)) literals.set(text, parse(text));
    return literals.get(text);
  }

  // run computes a result's cells when they are asked for. change(line, decimal) may give an input another value.
  function run(result, change) {
    const cells = [];
    let seen = null; // where a trace notes what was read

    const record = (l) => l.i[l.w ? l.w[result] : 0];
    const option = (line) => record(lines[line]);
    function input(line, col) {
      const l = lines[line], given = record(l);
      const d = parse(Array.isArray(given) ? given[col - l.a] : given);
      return change ? change(line, d) : d;
    }

    function value(line, col) { // null: blank
      const l = lines[line], row = cells[line] || (cells[line] = []);
      if (row[col] === undefined) {
        const before = seen;
        seen = null;
        row[col] = stopped;
        try {
          if (col >= l.a && col <= l.z) {
            if (l.i) row[col] = input(line, col);
            else row[col] = evaluate(col <= zero ? l.o : l.f, col);
          }
        } catch (e) {
          if (e !== stopped) throw e;
        }
        seen = before;
      }
      if (row[col] === stopped) throw stopped;
      return row[col];
    }
    function read(line, col) {
      if (seen) seen(line, col);
      return lines[line].u === "choice" ? ZERO : value(line, col);
    }
    const number = (tree, col) => evaluate(tree, col) || ZERO;
    const nothingYet = (line, col) => lines[line].b && col < lines[line].a; // of what exists only from its first year on
    const truth = (tree, col) => sign(number(tree, col)) !== 0;

    function evaluate(tree, col) {
      if (typeof tree === "number") return read(tree, col);
      if (typeof tree === "string") return literal(tree);
      switch (tree[0]) {
        case "year": return whole(data.first + col);
        case "last_actual_year": return whole(data.first + zero);
        case "first_year": return whole(data.first);
      }
      let r = apply(tree, col);
      if (r === null) return r;
      if (r.e > KEPT) r = round(r, KEPT);
      if ((r.n < 0n ? -r.n : r.n) >= ten(30 + r.e)) throw stopped;
      return r;
    }
    function apply(tree, col) {
      const n = (i) => number(tree[i], col), test = (ok) => flag(ok(compare(n(1), n(2))));
      switch (tree[0]) {
        case "+": return add(n(1), n(2));
        case "-": return sub(n(1), n(2));
        case "*": return mul(n(1), n(2));
        case "/": {
          const a = n(1), b = n(2);
          if (sign(b) === 0) throw stopped;
          return divide(a, b, PLACES);
        }
        case "negative": return negate(n(1));
        case "=": return test((c) => c === 0);
        case "!=": return test((c) => c !== 0);
        case "<": return test((c) => c < 0);
        case "<=": return test((c) => c <= 0);
        case ">": return test((c) => c > 0);
        case ">=": return test((c) => c >= 0);
        case "and": return flag(truth(tree[1], col) && truth(tree[2], col));
        case "or": return flag(truth(tree[1], col) || truth(tree[2], col));
        case "not": return flag(!truth(tree[1], col));
        case "when": return evaluate(truth(tree[1], col) ? tree[2] : tree[3], col);
        case "is":
          read(tree[1], col);
          return flag(option(tree[1]) === tree[2]);
        case "max": case "min": {
          const way = tree[0] === "max" ? 1 : -1;
          let best = n(1);
          for (let i = 2; i < tree.length; i++) {
            const d = n(i);
            if (compare(d, best) === way) best = d;
          }
          return best;
        }
        case "abs": {
          const d = n(1);
          return sign(d) < 0 ? negate(d) : d;
        }
        case "sum": {
          let total = ZERO;
          for (let i = 1; i < tree.length; i++) total = add(total, n(i));
          return total;
        }
        case "round": return nearest(n(1), FEN);
        case "decimals": return nearest(n(1), 12);
        case "round_to": {
          const d = n(1), step = n(2);
          if (sign(step) <= 0) throw stopped;
          return mul(nearest(divide(d, step, PLACES), 0), step);
        }
        case "ratio": {
          return sign(n(tree.length - 1)) === 0 ? null : divide(n(1), n(2), PLACES); // the last is the divisor as it is compared
        }
        case "prev": return nothingYet(tree[1], col - 1) ? ZERO : read(tree[1], col - 1);
        case "initial": return read(tree[1], zero + 1);
        case "sum_years": return sumYears(tree, col);
        case "annuity": return annuity(n(1), n(2), n(3));
        case "power": return power(n(1), n(2));
        case "ln": return ln(n(1));
        case "exp": return exp(n(1));
        case "sqrt": return root(n(1), whole(2));
        case "root": return root(n(1), n(2));
      }
      throw new Error("no function " + tree[0]);
    }
    function sumYears(tree, col) {
      const l = lines[tree[1]], from = number(tree[2], col), to = number(tree[3], col);
      let total = ZERO;
      for (let c = 0; c <= col; c++) {
        const year = whole(data.first + c);
        if (compare(year, from) < 0 || compare(year, to) > 0) continue;
        if (nothingYet(tree[1], c)) continue;
        if (c < l.a || c > l.z) throw stopped;
        total = add(total, read(tree[1], c) || ZERO);
      }
      const some = compare(from, to) <= 0;
      if (some && (compare(to, whole(data.first + col)) > 0 || (compare(from, whole(data.first)) < 0 && !l.b))) throw stopped;
      return total;
    }
    function annuity(rate, periods, principal) {
      if (!integer(periods) || sign(periods) <= 0 || compare(periods, whole(1000)) > 0) throw stopped;
      if (sign(rate) === 0) return divide(principal, periods, PLACES);
      let grown = ONE;
      for (let i = toNumber(periods); i > 0; i--) grown = round(mul(grown, add(ONE, rate)), KEPT);
      if (compare(grown, ONE) === 0) throw stopped;
      return divide(mul(mul(principal, rate), grown), sub(grown, ONE), PLACES);
    }
    function power(base, times) {
      if (!integer(times) || Math.abs(toNumber(times)) > 1000 || (sign(times) < 0 && sign(base) === 0)) throw stopped;
      let product = ONE;
      for (let i = Math.abs(toNumber(times)); i > 0; i--) product = round(mul(product, base), KEPT);
      if (sign(times) >= 0) return product;
      if (sign(product) === 0) throw stopped;
      return divide(ONE, product, PLACES);
    }

    // ---- reading aloud
    const label = (line, from) => (lines[from].e === lines[line].e ? lines[line].l : data.owners[lines[line].e] + lines[line].l);

    function named(line, col) { // a number in a formula
      if (lines[line].u === "choice") return lines[line].c[option(line)];
      let d;
      try { d = value(line, col); } catch (e) { d = null; }
      if (d === null) return "-";
      return sign(d) < 0 ? "(" + exactly(lines[line].u, d) + ")" : exactly(lines[line].u, d);
    }
    function yearsSaid(tree, col) {
      const terms = [];
      trace(tree, col, (line, c) => { if (line === tree[1]) terms.push(named(line, c)); });
      return terms.length === 0 ? "0" : terms.length === 1 ? terms[0] : "(" + terms.join(" + ") + ")";
    }
    function say(tree, level, at) {
      if (typeof tree === "string") return tree;
      if (typeof tree === "number") return at.numbers ? named(tree, at.col) : "[" + label(tree, at.line) + "]";
      if (tree[0] === "decimals") return say(tree[1], level, at);
      switch (tree[0]) {
        case "year": return at.numbers ? String(data.first + at.col) : words.builtYear;
        case "last_actual_year": return at.numbers ? String(data.first + zero) : words.builtActual;
        case "first_year": return at.numbers ? String(data.first) : words.builtFirst;
      }
      if (at.numbers) {
        switch (tree[0]) {
          case "prev": return nothingYet(tree[1], at.col - 1) ? "0" : named(tree[1], at.col - 1);
          case "initial": return named(tree[1], zero + 1);
          case "sum_years": return yearsSaid(tree, at.col);
        }
      }
      const says = data.says[tree[0]][0], binds = data.says[tree[0]][1];
      const args = tree.slice(1).map((a, i) => (tree[0] === "is" && i === 1 ? lines[tree[1]].c[a] : say(a, binds + Math.min(i, 1), at)));
      const text = says.replace(/\{(\d|\*|\+)\}/g, (_, i) => (i === "*" ? args.join(words.list) : i === "+" ? args.join(" + ") : args[Number(i)]));
      return binds > 0 && binds < level ? "(" + text + ")" : text;
    }
    function trace(tree, col, note) {
      const before = seen;
      seen = note;
      try { evaluate(tree, col); } catch (e) { if (e !== stopped) throw e; }
      seen = before;
    }

    const formula = (line, col) => (lines[line].i ? undefined : col <= zero ? lines[line].o : lines[line].f);

    // reads are the cells that a cell is made of, in order and once each; null for an input.
    function reads(line, col) {
      const tree = formula(line, col), list = [], known = new Set();
      if (tree === undefined) return null;
      trace(tree, col, (at, c) => {
        const key = at * columns + c;
        if (!known.has(key)) { known.add(key); list.push([at, c]); }
      });
      return list;
    }

    // explain is a cell's formula in words and in numbers; null for an input.
    function explain(line, col) {
      const tree = formula(line, col);
      if (tree === undefined) return null;
      return { words: say(tree, 0, { line: line, col: col, numbers: false }), numbers: say(tree, 0, { line: line, col: col, numbers: true }) };
    }

    // over makes one figure of a line's plan years, as Over says; null if it is blank.
    function over(line, how) {
      const sums = how === "total";
      let d = null;
      for (let col = how === "last" ? columns - 1 : zero + 1; col < columns; col++) {
        const v = value(line, col);
        if (v === null && sums) return null;
        if (v === null) continue;
        if (d === null || (how === "min" && compare(v, d) < 0) || (how === "max" && compare(v, d) > 0)) d = v;
        else if (sums) d = add(d, v);
      }
      return d;
    }

    // warm computes lines year by year, so that no cell ever waits for a long chain of years.
    function warm(wanted) {
      for (let col = 0; col < columns; col++) {
        wanted.forEach((line) => {
          if (lines[line].u === "choice" || col < lines[line].a || col > lines[line].z) return;
          try { value(line, col); } catch (e) { if (e !== stopped) throw e; }
        });
      }
    }
    return { result: result, value: value, option: option, label: label, reads: reads, explain: explain, over: over, warm: warm };
  }

  // ---- how numbers are written
  function digits(a, places) { // "-1,234.50"
    const r = round(a, places);
    const n = (r.n < 0n ? -r.n : r.n) * ten(places - r.e);
    const text = String(n).padStart(places + 1, "0"), cut = text.length - places;
    return (r.n < 0n ? "-" : "") + grouped(text.slice(0, cut)) + (places > 0 ? "." + text.slice(cut) : "");
  }
  const grouped = (s) => s.replace(/\B(?=(\d{3})+$)/g, ",");
  const trimmed = (s) => (s.includes(".") ? s.replace(/0+$/, "").replace(/\.$/, "") : s);
  const amount = (a) => digits(a, 2);
  const percent = (a) => digits(mul(a, whole(100)), 1) + "%";
  function exactly(unit, a) {
    switch (unit) {
      case "ratio": return trimmed(digits(mul(a, whole(100)), 10)) + "%";
      case "flag": return sign(a) === 0 ? words.no : words.yes;
      case "year": return String(toNumber(a));
    }
    return trimmed(digits(a, 12));
  }
  const short = (unit, a) => (unit === "money" ? amount(a) : unit === "ratio" ? percent(a) : exactly(unit, a)); // as tables show it

  // refused is the first requirement that a run does not fulfil, -1 if it fulfils all. What cannot be computed has no result anyway.
  const required = lines.map((l, line) => line).filter((line) => lines[line].r);
  const refused = (of) => {
    of.warm(required);
    for (const line of required) {
      for (let col = zero + 1; col < columns; col++) {
        try {
          if (sign(of.value(line, col)) !== 0) return line;
        } catch (e) {
          if (e !== stopped) throw e;
        }
      }
    }
    return -1;
  };

  const full = (line) => data.owners[lines[line].e] + lines[line].l;
  return { run: run, lines: lines, first: data.first, zero: zero, columns: columns, full: full, refused: refused, parse: parse, add: add, sub: sub, mul: mul, sign: sign,
    round: round, amount: amount, percent: percent, exactly: exactly, short: short, plain: (a, places) => Number(digits(a, places).replace(/,/g, "")), stopped: stopped };
}
