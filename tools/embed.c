/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Turns files into a C source, so that the program carries them.
 *
 *   embed OUT.c SYMBOL ROOT FILE...            struct embed_file SYMBOL[]
 *   embed --assets OUT.c SYMBOL ROOT FILE...   struct embed_asset SYMBOL[]
 *
 * Each FILE begins with ROOT and a '/', or with one of several ROOTs that a ':'
 * parts; what follows is its name. OUT.c defines
 *
 *   const struct embed_file SYMBOL[];          (see base/embed.h), by name
 *   const size_t SYMBOL_n;                     how many
 *
 * With --assets, FILE.gz (the same compressed) and FILE.sha256 (16 hex) lie
 * beside each FILE, as tools/assets makes them.
 *
 * The order of FILEs does not matter; the same files give the same bytes, and
 * neither ROOT nor a date is in them. OUT.c is written whole or not at all.
 * Exit: 0 done, 2 called wrongly, 3 a file is not as it must be, 4 disk.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_USAGE 2
#define EXIT_INPUT 3
#define EXIT_UNABLE 4

#define HASH_HEX 16
#define PATH_MAX_BYTES 4096
#define FILE_MAX_BYTES (64u << 20)
#define BYTES_A_LINE 16

struct source {
	const char *path;
	const char *name; /* inside path */
};

static const struct {
	const char *ending;
	const char *type;
} TYPES[] = {
	{".css", "text/css; charset=utf-8"},
	{".js", "text/javascript; charset=utf-8"},
	{".json", "application/json"},
	{".svg", "image/svg+xml"},
	{".png", "image/png"},
	{".ico", "image/vnd.microsoft.icon"},
	{".html", "text/html; charset=utf-8"},
	{".txt", "text/plain; charset=utf-8"},
};

static _Noreturn void stop(int status, const char *path, const char *why)
{
	(void)fprintf(stderr, "embed: %s: %s\n", path, why);
	exit(status);
}

static const char *type_of(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++) {
		size_t m = strlen(TYPES[i].ending);
		if (n > m && strcmp(name + n - m, TYPES[i].ending) == 0)
			return TYPES[i].type;
	}
	stop(EXIT_INPUT, name, "no Content-Type is known for this ending");
}

static bool is_plain(const char *text, const char *allowed)
{
	return text[0] != '\0' && text[strspn(text, allowed)] == '\0';
}

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

static const char *name_below(const char *roots, const char *path)
{
	size_t n = strcspn(roots, ":");

	while (strncmp(path, roots, n) != 0 || path[n] != '/') {
		if (roots[n] == '\0')
			stop(EXIT_USAGE, path, "does not lie below ROOT");
		roots += n + 1;
		n = strcspn(roots, ":");
	}
	/* The name goes between quotation marks: nothing that would need escaping. */
	if (!is_plain(path + n + 1, LETTERS DIGITS "._-/"))
		stop(EXIT_USAGE, path, "a name holds letters, digits, '.', '_', '-' and '/' only");
	return path + n + 1;
}

static int by_name(const void *a, const void *b)
{
	const struct source *x = a;
	const struct source *y = b;

	return strcmp(x->name, y->name);
}

static const char *path_beside(char buffer[PATH_MAX_BYTES], const char *path, const char *ending)
{
	int n = snprintf(buffer, PATH_MAX_BYTES, "%s%s", path, ending);

	if (n < 0 || n >= PATH_MAX_BYTES)
		stop(EXIT_USAGE, path, "the path is too long");
	return buffer;
}

/* Writes the bytes of one file as static array `array`_`index`; answers their number. */
static size_t write_array(FILE *out, const char *array, size_t index, const char *path)
{
	FILE *in = fopen(path, "rb");
	size_t n = 0;
	int c;

	if (in == NULL)
		stop(EXIT_INPUT, path, strerror(errno));
	(void)fprintf(out, "static const unsigned char %s_%zu[] = {", array, index);
	while ((c = getc(in)) != EOF) {
		if (n == FILE_MAX_BYTES)
			stop(EXIT_INPUT, path, "too big to be carried in the program");
		(void)fprintf(out, "%s%d,", n % BYTES_A_LINE == 0 ? "\n\t" : " ", c);
		n++;
	}
	if (ferror(in))
		stop(EXIT_UNABLE, path, "could not be read");
	(void)fclose(in);
	/* The NUL also keeps the array of an empty file from being empty. */
	(void)fprintf(out, "\n\t0,\n};\n");
	return n;
}

static void read_hash(const char *path, char hash[HASH_HEX + 1])
{
	FILE *in = fopen(path, "rb");

	if (in == NULL)
		stop(EXIT_INPUT, path, strerror(errno));
	size_t n = fread(hash, 1, HASH_HEX, in);
	(void)fclose(in);
	hash[n] = '\0';
	if (n != HASH_HEX || !is_plain(hash, DIGITS "abcdef"))
		stop(EXIT_INPUT, path, "does not hold 16 hex digits");
}

static void write_rows(FILE *out, const struct source *sources, size_t n, bool assets,
                       const size_t *sizes, const size_t *gzip_sizes)
{
	char beside[PATH_MAX_BYTES];
	char hash[HASH_HEX + 1];

	for (size_t i = 0; i < n; i++) {
		(void)fprintf(out, "\t{\"%s\", bytes_%zu, %zuu", sources[i].name, i, sizes[i]);
		if (assets) {
			read_hash(path_beside(beside, sources[i].path, ".sha256"), hash);
			(void)fprintf(out, ", gzip_%zu, %zuu, \"%s\", \"%s\"", i, gzip_sizes[i], hash,
			              type_of(sources[i].name));
		}
		(void)fprintf(out, "},\n");
	}
}

static void write_source(FILE *out, const char *symbol, const struct source *sources, size_t n,
                         bool assets)
{
	const char *type = assets ? "embed_asset" : "embed_file";
	size_t *sizes = calloc(n, sizeof *sizes);
	size_t *gzip_sizes = calloc(n, sizeof *gzip_sizes);
	char beside[PATH_MAX_BYTES];

	if (sizes == NULL || gzip_sizes == NULL)
		stop(EXIT_UNABLE, symbol, "out of memory");
	(void)fprintf(out,
	              "/* Made by tools/embed; not to be changed by hand. */\n"
	              "#include \"base/embed.h\"\n\n"
	              "extern const struct %s %s[];\nextern const size_t %s_n;\n\n",
	              type, symbol, symbol);
	for (size_t i = 0; i < n; i++) {
		sizes[i] = write_array(out, "bytes", i, sources[i].path);
		if (assets)
			gzip_sizes[i] =
				write_array(out, "gzip", i, path_beside(beside, sources[i].path, ".gz"));
	}
	(void)fprintf(out, "\nconst struct %s %s[] = {\n", type, symbol);
	write_rows(out, sources, n, assets, sizes, gzip_sizes);
	(void)fprintf(out, "};\n\nconst size_t %s_n = %zuu;\n", symbol, n);
	free(sizes);
	free(gzip_sizes);
}

static struct source *sorted_sources(const char *root, char **paths, size_t n)
{
	struct source *sources = calloc(n, sizeof *sources);

	if (sources == NULL)
		stop(EXIT_UNABLE, root, "out of memory");
	for (size_t i = 0; i < n; i++)
		sources[i] = (struct source){.path = paths[i], .name = name_below(root, paths[i])};
	qsort(sources, n, sizeof *sources, by_name);
	for (size_t i = 1; i < n; i++)
		if (strcmp(sources[i - 1].name, sources[i].name) == 0)
			stop(EXIT_USAGE, sources[i].path, "is named twice");
	return sources;
}

int main(int argc, char **argv)
{
	bool assets = argc > 1 && strcmp(argv[1], "--assets") == 0;
	int first = assets ? 2 : 1; /* OUT.c */
	char part[PATH_MAX_BYTES];

	if (argc < first + 4 || !is_plain(argv[first + 1], LETTERS DIGITS "_")) {
		(void)fprintf(stderr, "usage: embed [--assets] OUT.c SYMBOL ROOT FILE...\n");
		return EXIT_USAGE;
	}
	size_t n = (size_t)(argc - first - 3);
	struct source *sources = sorted_sources(argv[first + 2], argv + first + 3, n);

	FILE *out = fopen(path_beside(part, argv[first], ".part"), "wb");
	if (out == NULL)
		stop(EXIT_UNABLE, part, strerror(errno));
	write_source(out, argv[first + 1], sources, n, assets);
	free(sources);
	bool whole = !ferror(out);
	if (fclose(out) != 0 || !whole || rename(part, argv[first]) != 0)
		stop(EXIT_UNABLE, argv[first], "could not be written");
	return 0;
}
