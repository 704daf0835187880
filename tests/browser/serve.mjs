// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A small server of files for tests of the look, on loopback, with the same
// content policy as the register's own. Folders are tried in order.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const TYPES = {
	'.html': 'text/html; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
};

// places: [["/assets/", folder], ["/", folder]]. Answers {base, close}.
export function serve(places) {
	const server = http.createServer((request, response) => {
		const { pathname } = new URL(request.url, 'http://localhost');
		const place = places.find(([prefix]) => pathname.startsWith(prefix));
		const file = place && path.join(place[1], path.normalize(`/${pathname.slice(place[0].length)}`));
		if (!file || !fs.existsSync(file) || !fs.statSync(file).isFile()) {
			response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
			return;
		}
		response.writeHead(200, {
			'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream',
			'Content-Security-Policy': POLICY,
			'Cache-Control': 'no-store',
		});
		response.end(fs.readFileSync(file));
	});
	return new Promise((resolve) => {
		server.listen(0, '127.0.0.1', () => resolve({
			base: `http://127.0.0.1:${server.address().port}`,
			close: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }),
		}));
	});
}
