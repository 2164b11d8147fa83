package testplan

// Covering are random plans that between them have every pair of mechanisms the first 200 have, chosen so that their ledgers are small: where a plan takes
// seconds, as in LibreOffice, these are tried every time and the first 200 in the whole set. TestCovering holds it to be so and says a new list where random
// plans have changed.
var Covering = []uint64{9, 13, 42, 94, 135, 149, 160, 163, 164, 247, 249, 251, 257, 311, 312, 317, 323, 352, 353, 394, 399, 436, 469, 481, 521, 523, 544, 547, 577, 592, 610, 627, 630, 635, 637, 675, 707, 725, 741, 748, 759, 765, 777, 795}
