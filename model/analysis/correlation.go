package analysis

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// Correlation is a symmetric matrix with 1 on its diagonal, by row.
type Correlation [][]float64

// NoCorrelation is the matrix of n shocks that have nothing to do with one another.
func NoCorrelation(n int) Correlation {
	c := make(Correlation, n)
	for i := range c {
		c[i] = make([]float64, n)
		c[i][i] = 1
	}
	return c
}

// Possible: can numbers be correlated like this? The matrix must not give any combination of them a negative variance.
func (c Correlation) Possible() bool {
	values, _ := c.eigen()
	return len(values) == 0 || values[0] > -1e-9
}

func (c Correlation) eigen() ([]float64, *mat.Dense) {
	n := len(c)
	if n == 0 {
		return nil, nil
	}
	m := mat.NewSymDense(n, nil)
	for i := range n {
		for j := range i + 1 {
			m.SetSym(i, j, c[i][j])
		}
	}
	var e mat.EigenSym
	if !e.Factorize(m, true) {
		return []float64{math.Inf(-1)}, mat.NewDense(n, n, nil)
	}
	vectors := mat.NewDense(n, n, nil)
	e.VectorsTo(vectors)
	return e.Values(nil), vectors
}

// Nearest is a possible correlation close to one that is not: Higham's alternating projections between matrices without negative variance and
// those with 1 on the diagonal, at last scaled to have both.
func (c Correlation) Nearest() Correlation {
	n := len(c)
	y, correction := copied(c), make(Correlation, n)
	for i := range correction {
		correction[i] = make([]float64, n)
	}
	for range 200 {
		r := copied(y)
		for i := range r {
			for j := range r[i] {
				r[i][j] -= correction[i][j]
			}
		}
		x := r.withoutNegative(0)
		for i := range x {
			for j := range x[i] {
				correction[i][j] = x[i][j] - r[i][j]
				y[i][j] = x[i][j]
			}
			y[i][i] = 1
		}
	}
	x := y.withoutNegative(1e-8)
	out := NoCorrelation(n)
	for i := range n {
		for j := range n {
			if i != j {
				out[i][j] = x[i][j] / math.Sqrt(x[i][i]*x[j][j])
			}
		}
	}
	return out
}

func copied(c Correlation) Correlation {
	out := make(Correlation, len(c))
	for i := range c {
		out[i] = append([]float64(nil), c[i]...)
	}
	return out
}

// withoutNegative raises the eigenvalues below a floor to it.
func (c Correlation) withoutNegative(floor float64) Correlation {
	values, vectors := c.eigen()
	out := make(Correlation, len(c))
	for i := range c {
		out[i] = make([]float64, len(c))
		for j := range c {
			for k, v := range values {
				out[i][j] += max(v, floor) * vectors.At(i, k) * vectors.At(j, k)
			}
		}
	}
	return out
}

// Triangle is the lower triangle L with L·Lᵀ = c, by which independent numbers become correlated. Rows that add nothing new are allowed.
func (c Correlation) Triangle() Correlation {
	l := make(Correlation, len(c))
	for i := range c {
		l[i] = make([]float64, i+1)
		for j := range i + 1 {
			sum := c[i][j]
			for k := range j {
				sum -= l[i][k] * l[j][k]
			}
			switch {
			case i == j:
				l[i][i] = math.Sqrt(max(sum, 0))
			case l[j][j] > 1e-9:
				l[i][j] = sum / l[j][j]
			}
		}
	}
	return l
}

// correlate is the correlation of a few series over the same years, each of the same length.
func correlate(series [][]float64) Correlation {
	c := NoCorrelation(len(series))
	for i := range series {
		for j := range i {
			r := stat.Correlation(series[i], series[j], nil)
			if r != r { // a series that never moves
				r = 0
			}
			c[i][j], c[j][i] = r, r
		}
	}
	return c
}
