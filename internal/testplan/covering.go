package testplan

// Covering are random plans, of the first 200, that between them have every pair of mechanisms the 200 have: where a plan takes seconds, as in LibreOffice,
// these are tried every time and all others in the whole set. TestCovering holds it to be so and says a new list where random plans have changed.
var Covering = []uint64{2, 4, 11, 13, 15, 20, 24, 25, 31, 32, 33, 38, 42, 43, 45, 48, 50, 56, 59, 62, 76, 78, 79, 84, 91, 103, 105, 109, 113, 116, 122, 127, 133, 139, 140, 142, 149, 150, 172, 178, 188, 191, 192, 195}
