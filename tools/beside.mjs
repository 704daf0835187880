// SPDX-License-Identifier: AGPL-3.0-or-later
// For rollup: a package is found in node_modules of the folder it runs in, by its own table of exports.
import fs from 'node:fs';
import path from 'node:path';

function target(exports, name) {
	const found = exports?.[name] ?? exports?.[`${name}.js`];
	return typeof found === 'string' ? found : found?.import?.default ?? found?.import ?? found?.default;
}

export default function beside() {
	return {
		name: 'beside',
		resolveId(source, importer) {
			const at = /^(@[^/]+\/[^/]+|[^./@][^/]*)(\/.*)?$/.exec(source);
			if (!at || !importer)
				return null;
			const folder = path.resolve('node_modules', at[1]);
			const about = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
			const found = target(about.exports, `.${at[2] ?? ''}`) ?? (at[2] ? undefined : about.module ?? about.main);
			return found ? path.join(folder, found) : null;
		},
	};
}
