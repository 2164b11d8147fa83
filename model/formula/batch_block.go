package formula

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// BlockSize is how many evaluations run side by side: few enough that the numbers in use stay in the processor's cache.
const BlockSize = 512

// Block runs a Batch for up to BlockSize evaluations at a time. It belongs to one goroutine.
type Block struct {
	b         *Batch
	registers [][]float64
}

// Block makes the registers of one goroutine.
func (b *Batch) Block() *Block {
	x := &Block{b: b, registers: make([][]float64, b.size)}
	all := make([]float64, b.size*BlockSize)
	for i := range x.registers {
		x.registers[i] = all[i*BlockSize : (i+1)*BlockSize : (i+1)*BlockSize]
	}
	for i, s := range b.steps {
		if s.op == opConst {
			r := x.registers[b.places[i]]
			for j := range r {
				r[j] = s.k
			}
		}
	}
	return x
}

// In is where the values of a varying cell go before Run, in the book's unit (万元).
func (x *Block) In(varying int) []float64 { return x.registers[x.b.places[x.b.inputs[varying]]] }

// Out is what Run computed for a wanted cell, in the unit Divisor tells. NaN is a blank ratio or a number that exact would refuse.
func (x *Block) Out(wanted int) []float64 { return x.registers[x.b.places[x.b.outputs[wanted]]] }

// Run computes the first n of the block.
func (x *Block) Run(n int) {
	for i := range x.b.steps {
		s := &x.b.steps[i]
		if s.op <= opInput {
			continue
		}
		dst, a := x.registers[x.b.places[i]][:n], x.registers[x.b.places[s.a]][:n]
		b := x.registers[x.b.places[s.b]][:n]
		switch s.op {
		case opFen:
			for i, v := range a {
				dst[i] = roundFen(v * 1e6)
			}
		case opAdd:
			floats.AddTo(dst, a, b)
		case opAddK:
			for i, v := range a {
				dst[i] = v + s.k
			}
		case opSub:
			floats.SubTo(dst, a, b)
		case opKSub:
			for i, v := range a {
				dst[i] = s.k - v
			}
		case opMul:
			floats.MulTo(dst, a, b)
		case opMulK:
			floats.ScaleTo(dst, s.k, a)
		case opDiv:
			divide(dst, a, b)
		case opDivK:
			for i, v := range a {
				dst[i] = v / s.k
			}
		case opRound:
			for i, v := range a {
				dst[i] = roundFen(v)
			}
		case opRoundMul:
			for i, v := range a {
				dst[i] = roundFen(v * b[i])
			}
		case opRoundMulK:
			roundTimes(dst, a, s.k)
		case opDecimals:
			for i, v := range a {
				dst[i] = toParts(v, s.k)
			}
		case opAbs:
			for i, v := range a {
				dst[i] = math.Abs(v)
			}
		case opMax:
			for i, v := range a {
				dst[i] = max(v, b[i])
			}
		case opMaxK:
			for i, v := range a {
				dst[i] = max(v, s.k)
			}
		case opMin:
			for i, v := range a {
				dst[i] = min(v, b[i])
			}
		case opMinK:
			for i, v := range a {
				dst[i] = min(v, s.k)
			}
		case opAbove0:
			above0(dst, a, b)
		case opEqual:
			for i, v := range a {
				dst[i] = one(v == b[i])
			}
		case opLess:
			for i, v := range a {
				dst[i] = one(v < b[i])
			}
		case opEqualNear:
			for i, v := range a {
				dst[i] = one(near(v, b[i])) + 0*(v-b[i])
			}
		case opLessNear:
			for i, v := range a {
				dst[i] = above(b[i], v) + 0*(v-b[i])
			}
		case opSelect:
			c := x.registers[x.b.places[s.c]][:n]
			for i, v := range a {
				dst[i] = v*b[i] + (1-v)*c[i]
			}
		case opPick:
			c := x.registers[x.b.places[s.c]][:n]
			for i, v := range a {
				r := c[i]
				if v != 0 {
					r = b[i] + 0*v // NaN where the condition is
				}
				dst[i] = r
			}
		case opWholeYears:
			for i, v := range a {
				dst[i] = within(v, b[i], s.k)
			}
		case opAnnuity:
			c := x.registers[x.b.places[s.c]][:n]
			for i, v := range a {
				dst[i] = levelPayment(v, b[i], c[i])
			}
		case opPower:
			for i, v := range a {
				dst[i] = wholePower(v, b[i])
			}
		case opLn:
			for i, v := range a {
				dst[i] = logarithm(v)
			}
		case opExp:
			for i, v := range a {
				dst[i] = exponential(v)
			}
		case opRoot:
			for i, v := range a {
				dst[i] = rootOf(v, b[i])
			}
		}
	}
}

const (
	nudge     = 1 + 0x1p-50 // away from zero, so that half a fen is recognised behind the noise of a product
	toWhole   = 0x1.8p52    // added and taken off again, it leaves the nearest whole number
	mostParts = 0x1p48      // a number of more parts than this is not rounded to them: the nudge would be half of one
	tolerance = 0x1p-49     // relative, of a comparison: half a part of mostParts
)

// roundFen is the whole number nearest to an amount in fen, half away from zero.
func roundFen(v float64) float64 { return float64(float64(v*nudge)+toWhole) - toWhole }

// toParts is a number rounded to so many parts of 1, unless it is too large for a double to know them.
func toParts(v, parts float64) float64 {
	if n := v * parts; math.Abs(n) < mostParts {
		return roundFen(n) / parts
	}
	return v
}

func roundTimes(dst, a []float64, k float64) {
	k *= nudge
	a = a[:len(dst)]
	for i, v := range a {
		dst[i] = float64(float64(v*k)+toWhole) - toWhole
	}
}

// above0 is max(a - b, 0) of whole numbers.
func above0(dst, a, b []float64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		d := a[i] - b[i]
		dst[i] = (d + math.Abs(d)) * 0.5
	}
}

// divide gives NaN for a division by zero.
func divide(dst, a, b []float64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i, v := range b {
		if v == 0 {
			v = math.NaN()
		}
		dst[i] = a[i] / v
	}
}

// one is a flag as a number, without a branch.
func one(yes bool) float64 {
	var n int64
	if yes {
		n = 1
	}
	return float64(n)
}

// near: are two numbers equal as far as doubles can tell?
func near(a, b float64) bool { return math.Abs(a-b) <= tolerance*max(math.Abs(a), math.Abs(b)) }

// above is 1 where a is more than b, as far as doubles can tell.
func above(a, b float64) float64 { return one(a > b && !near(a, b)) }

func within(from, to, year float64) float64 {
	if from != from || to != to {
		return math.NaN()
	}
	return one(year >= from && year <= to)
}

// levelPayment is annuity( ) of the language. The sum over the payments loses nothing where the rate is small.
func levelPayment(rate, periods, principal float64) float64 {
	if periods != math.Trunc(periods) || periods <= 0 || periods > 1000 {
		return math.NaN()
	}
	grown, sum := 1.0, 0.0
	for range int(periods) {
		sum += grown
		grown *= 1 + rate
	}
	if sum == 0 {
		return math.NaN()
	}
	return principal * (grown / sum)
}

func wholePower(base, times float64) float64 {
	if times != math.Trunc(times) || math.Abs(times) > 1000 || times < 0 && base == 0 {
		return math.NaN()
	}
	return math.Pow(base, times)
}

func logarithm(v float64) float64 {
	if v <= 0 {
		return math.NaN()
	}
	return math.Log(v)
}

func exponential(v float64) float64 {
	if math.Abs(v) > 60 {
		return math.NaN()
	}
	return math.Exp(v)
}

func rootOf(v, k float64) float64 {
	switch {
	case v < 0 || k <= 0:
		return math.NaN()
	case k == 2:
		return math.Sqrt(v)
	}
	return math.Pow(v, 1/k)
}
