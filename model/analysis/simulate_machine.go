package analysis

import (
	"runtime"
	"sync"
	"sync/atomic"

	"zhencai/model/formula"
)

// machine runs the blocks of a simulation on all processors.
type machine struct {
	s     *Simulated
	r     *risk
	lanes []*lane
	years int
	kept  int // outputs of each lane whose outcomes are kept; the figure By comes after them

	first []float64 // the first outcomes, by lane and output
	grids []*grid
	begun atomic.Int64
	done  atomic.Int64
	tell  sync.Mutex
}

func (m *machine) outputs() int { return len(m.lanes) * (m.kept + 1) }

func (m *machine) run() {
	workers := m.s.Workers
	if workers == 0 {
		workers = runtime.NumCPU()
	}
	pilot := min(m.s.Paths, fewOutcomes)
	m.first = make([]float64, m.outputs()*pilot)
	all := make([]*worker, workers)
	var started sync.WaitGroup
	for i := range all {
		started.Go(func() { all[i] = m.worker() })
	}
	started.Wait()
	m.blocks(all, 0, pilot)
	outcomes := make([]*Outcomes, m.outputs())
	m.each(func(o int) {
		outcomes[o] = outcomesOf(m.first[o*pilot:(o+1)*pilot], m.divisor(o))
	})
	if m.s.Paths > pilot {
		m.grids = make([]*grid, m.outputs())
		m.each(func(o int) { m.grids[o] = layGrid(outcomes[o].few) })
		for _, w := range all {
			for _, g := range m.grids {
				w.tallies = append(w.tallies, newTally(g))
			}
		}
		m.blocks(all, pilot, m.s.Paths)
		m.each(func(o int) {
			if m.constant(o) {
				outcomes[o].repeat(int64(m.s.Paths))
				return
			}
			var tallies []*tally
			for _, w := range all {
				tallies = append(tallies, w.tallies[o])
			}
			outcomes[o].counted(m.grids[o], tallies)
		})
	}
	m.collect(all, outcomes)
}

// each works through all outputs side by side.
func (m *machine) each(f func(output int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range runtime.NumCPU() {
		wait.Go(func() {
			for o := int(next.Add(1) - 1); o < m.outputs(); o = int(next.Add(1) - 1) {
				f(o)
			}
		})
	}
	wait.Wait()
}

// divisor is by what an output's numbers are divided.
func (m *machine) divisor(output int) float64 {
	l, o := m.lanes[output/(m.kept+1)], output%(m.kept+1)
	if o < m.kept {
		return l.batch.Divisor(o)
	}
	return l.batch.Divisor(m.figure())
}

// constant: does an output not depend on what is drawn, so that its first outcomes are all there is to know?
func (m *machine) constant(output int) bool {
	o := output % (m.kept + 1)
	if o == m.kept {
		return false
	}
	_, fixed := m.lanes[output/(m.kept+1)].batch.Constant(o)
	return fixed
}

// figure is the first wanted cell of the line By: the last line wanted.
func (m *machine) figure() int { return m.kept + len(m.s.Events)*m.years }

// worker is what one goroutine needs.
type worker struct {
	m        *machine
	draws    *draws
	blocks   []*formula.Block
	figures  [][]float64 // by lane
	ever     []int64
	happened [][][]int64
	better   [][]int64
	clipped  [][]int64 // by lane, source
	tallies  []*tally
}

func (m *machine) worker() *worker {
	w := &worker{m: m, draws: m.r.room(m.years), ever: make([]int64, formula.BlockSize)}
	for _, l := range m.lanes {
		w.blocks = append(w.blocks, l.batch.Block())
		w.figures = append(w.figures, make([]float64, formula.BlockSize))
		w.better = append(w.better, make([]int64, len(m.lanes)))
		events := make([][]int64, len(m.s.Events))
		for e := range events {
			events[e] = make([]int64, m.years+1)
		}
		w.happened, w.clipped = append(w.happened, events), append(w.clipped, make([]int64, len(m.r.sources)))
	}
	return w
}

// blocks runs the paths from..to, which begin at a whole block.
func (m *machine) blocks(all []*worker, from, to int) {
	m.begun.Store(int64(from / formula.BlockSize))
	var wait sync.WaitGroup
	for _, w := range all {
		wait.Go(func() {
			for {
				block := int(m.begun.Add(1) - 1)
				start := block * formula.BlockSize
				if start >= to {
					return
				}
				n := min(formula.BlockSize, to-start)
				w.block(block, n)
				done := m.done.Add(int64(n))
				if m.s.Progress != nil && block%64 == 0 {
					m.tell.Lock()
					m.s.Progress(int(done))
					m.tell.Unlock()
				}
			}
		})
	}
	wait.Wait()
}

// block runs one block of every scenario and keeps what came out.
func (w *worker) block(block, n int) {
	m := w.m
	m.r.draw(w.draws, block)
	for i, l := range m.lanes {
		x := w.blocks[i]
		m.r.enter(l, x, w.draws, w.clipped[i])
		x.Run(n)
		w.reduce(x, w.figures[i][:n])
		w.watch(x, w.happened[i], n)
		for o := range m.kept + 1 {
			values := w.figures[i][:n]
			if o < m.kept {
				values = x.Out(o)[:n]
			}
			output := i*(m.kept+1) + o
			if w.tallies != nil {
				if !m.constant(output) {
					w.tallies[output].add(values)
				}
				continue
			}
			pilot := len(m.first) / m.outputs()
			copy(m.first[output*pilot+block*formula.BlockSize:], values)
		}
	}
	for i := range m.lanes {
		for k := range m.lanes {
			if i == k {
				continue
			}
			w.better[i][k] += m.lanes[i].batch.Above(m.figure(), w.figures[i][:n], w.figures[k][:n])
		}
	}
}

// reduce makes one figure of the years of the line By.
func (w *worker) reduce(x *formula.Block, dst []float64) {
	at := w.m.figure()
	w.m.s.By.How.Block(dst, w.m.years, func(y int) []float64 { return x.Out(at + y) })
}

// watch counts in which paths and years the events happened: their flags are 1.
func (w *worker) watch(x *formula.Block, happened [][]int64, n int) {
	m := w.m
	for e := range m.s.Events {
		ever := w.ever[:n]
		clear(ever)
		for y := range m.years {
			count := int64(0)
			for j, flag := range x.Out(m.kept + e*m.years + y)[:n] {
				now := yes(flag > 0)
				ever[j] |= now
				count += now
			}
			happened[e][y] += count
		}
		for _, once := range ever {
			happened[e][m.years] += once
		}
	}
}

// yes counts a condition, without a branch.
func yes(condition bool) (n int64) {
	if condition {
		n = 1
	}
	return n
}

// collect puts the workers' results together: sums of whole numbers, so their order does not matter.
func (m *machine) collect(all []*worker, outcomes []*Outcomes) {
	s := m.s
	for i := range m.lanes {
		var lines [][]*Outcomes
		for l := range s.Lines {
			from := i*(m.kept+1) + l*m.years
			lines = append(lines, outcomes[from:from+m.years])
		}
		s.Spread = append(s.Spread, lines)
		s.Figure = append(s.Figure, outcomes[i*(m.kept+1)+m.kept])
		happened := make([][]int64, len(s.Events))
		better, clipped := make([]int64, len(m.lanes)), make([]int64, len(m.r.sources))
		for e := range happened {
			happened[e] = make([]int64, m.years+1)
		}
		for _, w := range all {
			for e := range happened {
				for y, c := range w.happened[i][e] {
					happened[e][y] += c
				}
			}
			for k, c := range w.better[i] {
				better[k] += c
			}
			for k, c := range w.clipped[i] {
				clipped[m.r.shocks[k]] += c
			}
		}
		s.Happened, s.Better, s.Clipped = append(s.Happened, happened), append(s.Better, better), append(s.Clipped, clipped)
	}
}
