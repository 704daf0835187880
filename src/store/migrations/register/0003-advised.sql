-- On how many entries of an office there was advice on a word, in a month (year * 12 + month - 1).
CREATE TABLE advised (
	office TEXT NOT NULL,
	month {I64} NOT NULL,
	word TEXT NOT NULL,
	n {I64} NOT NULL,
	PRIMARY KEY (office, month, word)
) {TAIL};
