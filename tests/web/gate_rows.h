/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Ambiguous and hostile requests, as bytes, with what must come of them: once
 * at the gate alone (test_gate.c) and once through a socket against a built
 * server (test_gate_socket.c). A row number stands for one sort of request; 0
 * is for what is beside them. Paths: /a takes nothing, /form a form, /twice a
 * query with repeated names.
 */
#ifndef CANDOUR_TESTS_WEB_GATE_ROWS_H
#define CANDOUR_TESTS_WEB_GATE_ROWS_H

#include <stddef.h>

#define NOT_SEEN (-1) /* the library answers, or the trace is gone when the gate is called */
#define PASSES 0      /* gate: let through */
#define CLOSED 0      /* socket: closed without an answer, at once or at the deadline */
#define SERVED 200

struct gate_row {
	int row;
	const char *before;
	size_t before_n;
	const char *repeated;
	int times;
	const char *after;
	size_t after_n;
	int gate;
	int socket;
};

#define ROW(row, raw, gate, socket)                                                                \
	{                                                                                          \
		row, raw, sizeof(raw) - 1, "", 0, "", 0, gate, socket                              \
	}
#define LONG(row, before, repeated, times, after, gate, socket)                                    \
	{                                                                                          \
		row, before, sizeof(before) - 1, repeated, times, after, sizeof(after) - 1, gate,  \
			socket                                                                     \
	}
#define H " HTTP/1.1\r\nHost: a\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

/* clang-format off */
static const struct gate_row GATE_ROWS[] = {
	ROW(0, "GET /a" H "\r\n", PASSES, SERVED),
	ROW(0, "HEAD /a" H "\r\n", PASSES, SERVED),
	ROW(0, "POST /form" H FORM "Content-Length: 3\r\n\r\na=1", PASSES, SERVED),
	ROW(0, "GET /a" H "Content-Length: 0\r\n\r\n", PASSES, SERVED),
	ROW(1, "GET /a HTTP/1.1\r\n\r\n", 400, 400),
	ROW(2, "GET /a HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, 400),
	ROW(2, "GET /a HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", 400, 400),
	ROW(3, "GET /a HTTP/1.1\r\nHost:\r\n\r\n", 400, 400),
	ROW(4, "GET /a HTTP/1.1\r\nHost: a@b/c\r\n\r\n", 400, 400),
	ROW(4, "GET /a HTTP/1.1\r\nHost: a:b\r\n\r\n", 400, 400),
	ROW(4, "GET /a HTTP/1.1\r\nHost: a:70000\r\n\r\n", 400, 400),
	ROW(4, "GET /a HTTP/1.1\r\nHost: [::1\r\n\r\n", 400, 400),
	ROW(4, "GET /a HTTP/1.1\r\nHost: evil\r\n\r\n", 421, 421),
	ROW(4, "GET /a HTTP/1.1\r\nHost: A:8080\r\n\r\n", PASSES, SERVED),
	ROW(5, "GET /a HTTP/1.0\r\n\r\n", 400, 400),
	ROW(6, "GET /a HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n", 505, 505),
	ROW(7, "GET /a\r\n\r\n", NOT_SEEN, 400),
	ROW(8, "GET /a HTTP/1.2\r\nHost: a\r\n\r\n", 505, 505),
	ROW(9, "GET /a HTTP/2.0\r\nHost: a\r\n\r\n", NOT_SEEN, 505),
	ROW(9, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", NOT_SEEN, 505),
	ROW(10, "GET /a HTTP/1.11\r\nHost: a\r\n\r\n", NOT_SEEN, 400),
	ROW(10, "GET /a XTTP/1.1\r\nHost: a\r\n\r\n", NOT_SEEN, 400),
	ROW(10, "GET /a http/1.1\r\nHost: a\r\n\r\n", NOT_SEEN, 400),
	ROW(11, "GET /a" H "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n", PASSES, SERVED),
	ROW(12, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", NOT_SEEN, CLOSED),
	ROW(13, "get /a" H "\r\n", 501, 501),
	ROW(14, "TRACE /a" H "\r\n", 405, 405),
	ROW(15, "CONNECT a:443" H "\r\n", 405, 405),
	ROW(16, "OPTIONS *" H "\r\n", 405, 405),
	ROW(17, "FOO /a" H "\r\n", 501, 501),
	LONG(17, "", "M", 5000, " /a" H "\r\n", 501, 501),
	ROW(18, "G\x01T /a" H "\r\n", 501, 501),
	ROW(19, "GET http://evil/x" H "\r\n", 400, 400),
	ROW(20, "GET a" H "\r\n", 400, 400),
	ROW(21, "GET //evil//x" H "\r\n", 400, 400),
	ROW(21, "GET /a//" H "\r\n", 400, 400),
	ROW(22, "GET /a/../../etc" H "\r\n", 400, 400),
	ROW(22, "GET /./a" H "\r\n", 400, 400),
	ROW(23, "GET /a/%2e%2e/x" H "\r\n", 400, 400),
	ROW(23, "GET /a/.%2E" H "\r\n", 400, 400),
	ROW(24, "GET /a%2Fb" H "\r\n", 400, 400),
	ROW(24, "GET /a%5cb" H "\r\n", 400, 400),
	ROW(25, "GET /a%00b" H "\r\n", 400, 400),
	ROW(26, "GET /a?x=1%002" H "\r\n", 400, 400),
	ROW(27, "GET /a\0b" H "\r\n", NOT_SEEN, 400),
	ROW(27, "GET /a?x=1\0&y=2" H "\r\n", NOT_SEEN, 400),
	ROW(28, "GET /\xc3\xa9" H "\r\n", 400, 400),
	ROW(28, "GET /%c3%28" H "\r\n", 400, 400),
	ROW(28, "GET /a?x=%ff" H "\r\n", 400, 400),
	ROW(29, "GET /a%zz" H "\r\n", 400, 400),
	ROW(29, "GET /a%4" H "\r\n", 400, 400),
	ROW(29, "GET /a%" H "\r\n", 400, 400),
	ROW(29, "GET /a?x=%zz" H "\r\n", 400, 400),
	ROW(30, "GET /a\\b" H "\r\n", 400, 400),
	ROW(30, "GET /a#b" H "\r\n", 400, 400),
	ROW(31, "GET /a?x=1+2" H "\r\n", PASSES, SERVED),
	ROW(32, "GET /a?x=1&x=2" H "\r\n", 400, 400),
	ROW(32, "GET /a?=2" H "\r\n", 400, 400),
	ROW(32, "GET /twice?x=1&x=2" H "\r\n", PASSES, SERVED),
	ROW(33, "GET /a b" H "\r\n", NOT_SEEN, CLOSED),
	ROW(33, " GET /a" H "\r\n", NOT_SEEN, CLOSED),
	ROW(33, "GET\t/a\tHTTP/1.1\r\nHost: a\r\n\r\n", NOT_SEEN, CLOSED),
	ROW(34, "GET  /a" H "\r\n", NOT_SEEN, SERVED),
	ROW(34, "\r\nGET /a" H "\r\n", NOT_SEEN, SERVED),
	ROW(35, "GET /a HTTP/1.1\nHost: a\n\n", NOT_SEEN, SERVED),
	ROW(35, "GET /a HTTP/1.1\nHost: a\nX: b\nY:\n\n", NOT_SEEN, SERVED),
	ROW(35, "GET /a HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", NOT_SEEN, 400),
	ROW(35, "POST /form HTTP/1.1\nHost: a\nContent-Type: application/x-www-form-urlencoded\n"
	        "Content-Length: 3\n\na=1", NOT_SEEN, SERVED),
	ROW(36, "GET /a" H "X: a\rb\r\n\r\n", 400, 400),
	ROW(37, "GET /a HTTP/1.1\rHost: a\r\r", NOT_SEEN, CLOSED),
	ROW(38, "GET /a" H "X: a\r\n b\r\n\r\n", NOT_SEEN, 400),
	ROW(38, "GET /a" H "X: a\r\n\tb\r\nY: c\r\n\r\n", NOT_SEEN, 400),
	ROW(38, "GET /a" H "X: evil\r\n -Forwarded-For\r\nY: c\r\n\r\n", NOT_SEEN, 400),
	ROW(38, "POST /form" H FORM "Content: 3\r\n -Length\r\n\r\na=1", NOT_SEEN, 400),
	ROW(39, "GET /a HTTP/1.1\r\n Host: a\r\n\r\n", NOT_SEEN, 400),
	ROW(40, "GET /a" H "X : a\r\n\r\n", 400, 400),
	ROW(41, "GET /a" H "X\r\n\r\n", NOT_SEEN, 400),
	ROW(42, "GET /a" H ": x\r\n\r\n", NOT_SEEN, 400),
	ROW(42, "GET /a" H ": x\r\nY: c\r\n\r\n", NOT_SEEN, 400),
	ROW(43, "GET /a" H "X: a\0b\r\n\r\n", NOT_SEEN, 400),
	ROW(43, "GET /a" H "X: a\0\r\nY: c\r\n\r\n", NOT_SEEN, 400),
	/* At the very end of the last line it hides nothing, and leaves no gap. */
	ROW(43, "GET /a" H "X: a\0\r\n\r\n", NOT_SEEN, SERVED),
	ROW(43, "GET /a" H "X: a\0b\r\nY: c\r\n\r\n", NOT_SEEN, 400),
	ROW(43, "GET /a" H "X: \0\r\nY: c\r\n\r\n", NOT_SEEN, 400),
	ROW(43, "GET /a HTTP/1.1\r\nHost: a\0.evil\r\n\r\n", NOT_SEEN, 400),
	ROW(43, "GET /a" H "X: a\0\0b\r\n\r\n", NOT_SEEN, 400),
	ROW(0, "GET /a" H "X: a  \r\nY:\r\nZ:  \t\r\n\r\n", PASSES, SERVED),
	ROW(44, "GET /a" H "X\0Y: a\r\n\r\n", NOT_SEEN, 400),
	ROW(45, "GET /a" H "X: a\x01\r\n\r\n", 400, 400),
	ROW(45, "GET /a" H "X(Y): a\r\n\r\n", 400, 400),
	ROW(46, "GET /a" H "Cookie: candour=1\r\nCookie: candour=2\r\n\r\n", 400, 400),
	ROW(46, "GET /a" H "Cookie: candour=1; x=2; candour=1\r\n\r\n", 400, 400),
	ROW(46, "GET /a" H "Cookie: x=1; x=2\r\nCookie: candour=3\r\n\r\n", PASSES, SERVED),
	ROW(47, "POST /form" H FORM "Content-Length: 3\r\nContent-Length: 3\r\n\r\na=1", 400, 400),
	ROW(48, "POST /form" H FORM "Content-Length: 3\r\nContent-Length: 5\r\n\r\na=1", 400, 400),
	ROW(49, "POST /form" H FORM "Content-Length: 3, 3\r\n\r\na=1", 400, 400),
	ROW(49, "POST /form" H FORM "Content-Length: +3\r\n\r\na=1", 400, 400),
	ROW(49, "POST /form" H FORM "Content-Length: 03\r\n\r\na=1", 400, 400),
	ROW(49, "POST /form" H FORM "Content-Length: 3 3\r\n\r\na=1", 400, 400),
	ROW(49, "POST /form" H FORM "Content-Length: 3\t\r\n\r\na=1", 400, 400),
	ROW(49, "POST /form" H FORM "Content-Length: 3\0 4\r\n\r\na=1", NOT_SEEN, 400),
	ROW(49, "GET /a" H "Content-Length: +0\r\n\r\n", 400, 400),
	ROW(49, "POST /form" H FORM "Content-Length: -1\r\n\r\na=1", 400, 400),
	ROW(49, "POST /form" H FORM "Content-Length: 0x3\r\n\r\na=1", 400, 400),
	ROW(49, "POST /form" H FORM "Content-Length: 3x\r\n\r\na=1", 400, 400),
	ROW(49, "POST /form" H FORM "Content-Length:\r\n\r\na=1", 400, 400),
	ROW(50, "POST /form" H FORM "Content-Length: 18446744073709551619\r\n\r\na=1", 413, 413),
	ROW(51, "POST /form" H FORM "\r\n", 411, 411),
	ROW(52, "GET /a" H "Content-Length: 3\r\n\r\na=1", 400, 400),
	ROW(52, "HEAD /a" H "Content-Length: 3\r\n\r\na=1", 400, 400),
	ROW(52, "GET /a" H "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, 400),
	ROW(53, "POST /form" H FORM "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
	        "0\r\n\r\nGET /smuggled" H "\r\n", 400, 400),
	ROW(54, "POST /form" H FORM "Transfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\n\r\n", 411, 411),
	ROW(55, "POST /form" H FORM "Transfer-Encoding: gzip, chunked\r\n\r\n", 501, 501),
	ROW(55, "POST /form" H FORM "Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", 411, 411),
	ROW(55, "POST /form" H FORM "Transfer-Encoding: chunked, identity\r\n\r\n", 501, 501),
	ROW(55, "POST /form" H FORM "Transfer-Encoding:\r\n\r\n", 501, 501),
	ROW(55, "POST /form" H FORM "Transfer-Encoding: chunked\r\n , x\r\n\r\n0\r\n\r\n", NOT_SEEN, 400),
	ROW(55, "POST /form" H FORM "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400, 400),
	ROW(55, "POST /form" H FORM "Transfer-Encoding: identity\r\n\r\n", 501, 501),
	ROW(55, "POST /form" H FORM "Transfer-Encoding: xchunked\r\n\r\n", 501, 501),
	ROW(56, "POST /form" H FORM "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"
	        "0\r\n\r\n", 400, 400),
	ROW(56, "POST /form HTTP/1.0\r\nHost: a\r\n" FORM "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	        400, 400),
	ROW(57, "POST /form" H FORM "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\na=1\r\n0\r\n\r\n", 411, 411),
	ROW(58, "POST /form" H FORM "Transfer-Encoding: chunked\r\n\r\n0x3\r\na=1\r\n0\r\n\r\n", 411, 411),
	ROW(59, "POST /form" H FORM "Transfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\n"
	        "Content-Length: 9\r\nCookie: candour=1\r\n\r\n", 411, 411),
	ROW(61, "POST /form" H FORM "Content-Length: 3\r\nExpect: banana\r\n\r\na=1", 417, 417),
	ROW(63, "POST /form" H FORM "Content-Length: 3\r\n\r\na=1junk", PASSES, SERVED),
	ROW(64, "POST /form" H FORM "Content-Length: 9\r\n\r\na=1", PASSES, CLOSED),
	LONG(65, "GET /", "a", 2047, H "\r\n", PASSES, 404),
	LONG(65, "GET /", "a", 2048, H "\r\n", 414, 414),
	LONG(65, "GET /", "a", 40960, H "\r\n", 414, 414),
	LONG(65, "GET ", "/a", 17, H "\r\n", 414, 414),
	LONG(66, "GET /a" H "X: ", "b", 8192, "\r\n\r\n", PASSES, SERVED),
	LONG(66, "GET /a" H "X: ", "b", 8193, "\r\n\r\n", 431, 431),
	LONG(66, "GET /a" H, "X: b\r\n", 63, "\r\n", PASSES, SERVED),
	LONG(66, "GET /a" H, "X: b\r\n", 64, "\r\n", 431, 431),
	LONG(66, "GET /a" H, "X: b\r\n", 1000, "\r\n", 431, 431),
	LONG(67, "GET /twice?x=1", "&x=1", 99, H "\r\n", PASSES, SERVED),
	LONG(67, "GET /twice?x=1", "&x=1", 100, H "\r\n", 414, 414),
	LONG(67, "GET /twice?x=1", "&x=1", 500, H "\r\n", 414, 414),
	ROW(68, "POST /form" H FORM FORM "Content-Length: 3\r\n\r\na=1", 400, 400),
	ROW(69, "POST /form" H "Content-Type: text/plain\r\nContent-Length: 3\r\n\r\na=1", 415, 415),
	ROW(69, "POST /form" H "Content-Length: 3\r\n\r\na=1", 415, 415),
	ROW(70, "POST /form" H FORM "X-HTTP-Method-Override: GET\r\nContent-Length: 3\r\n\r\na=1",
	        PASSES, SERVED),
	ROW(71, "GET /a HTTP/1.1\r\nHo", NOT_SEEN, CLOSED),
	ROW(0, "POST /form" H FORM "Content-Length: 1048577\r\n\r\n", 413, 413),
	ROW(0, "GET /a" H "Idempotency-Key: a b\r\n\r\n", 400, 400),
	ROW(0, "GET /a" H "Origin: a\r\nOrigin: b\r\n\r\n", 400, 400),
};
/* clang-format on */

#endif
