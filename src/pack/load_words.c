/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Advice on words: what is looked for, and where it is not. */
#include "pack/lexicon.h"
#include "pack/load.h"
#include "pack/name.h"

static const struct str *texts_of(struct load *load, const struct yaml *node, size_t *count)
{
	struct str *out = loader_alloc(load->loader, count_of(node), sizeof *out);
	*count = 0;
	for (const struct yaml *item = out ? first_of(node) : NULL; item;
	     item = next_of(node, item))
		out[(*count)++] = item->text;
	return out;
}

static uint32_t read_in(struct load *load, const struct yaml *node, struct str about)
{
	static const struct {
		struct str name;
		enum pack_type type;
	} SEALED[] = {
		{ { "text", 4 }, PACK_TEXT },
		{ { "name", 4 }, PACK_NAME },
		{ { "address", 7 }, PACK_ADDRESS },
		{ { "identifier", 10 }, PACK_IDENTIFIER },
	};
	uint32_t mask = 0;
	if (!node)
		return UINT32_C(1) << PACK_TEXT;
	for (const struct yaml *item = first_of(node); item; item = next_of(node, item)) {
		size_t i = 0;
		while (i < COUNT_OF(SEALED) && !str_eq(SEALED[i].name, item->text))
			i++;
		if (i < COUNT_OF(SEALED))
			mask |= UINT32_C(1) << SEALED[i].type;
		else if (str_eq(item->text, STR("words")))
			loader_error_at(load->loader, item,
			                "%.*s: a person's own words are never advised on",
			                STR_ARG(about));
		else
			loader_error_at(load->loader, item,
			                "%.*s: in names \"%.*s\"; expected text, name,"
			                " address or identifier",
			                STR_ARG(about), STR_ARG(str_sub(item->text, 0, 60)));
	}
	return mask;
}

/* --- what is looked for, and where not -------------------------------------------------------- */

static const struct lexicon_phrase *read_not_next(struct load *load, const struct yaml *node,
                                                  struct str about, size_t *count)
{
	struct lexicon_phrase *out = loader_alloc(load->loader, count_of(node), sizeof *out);
	*count = 0;
	for (const struct yaml *item = out ? first_of(node) : NULL; item;
	     item = next_of(node, item))
		if (lexicon_read(load->loader, about, item, &out[*count]))
			(*count)++;
	return *count ? out : NULL;
}

/* KIND, or KIND.FIELD. */
static void read_place(struct load *load, const struct yaml *item, struct str about,
                       struct pack_not_in *out)
{
	const struct pack *pack = &load->whole->pack;
	size_t dot = item->text.n;
	out->kind = pack_kind_find(pack, item->text);
	if (out->kind)
		return;
	while (dot > 0 && item->text.p[dot - 1] != '.')
		dot--;
	if (dot > 0)
		out->kind = pack_kind_find(pack, str_sub(item->text, 0, dot - 1));
	if (out->kind)
		out->field = pack_field_find(out->kind, str_sub(item->text, dot, item->text.n));
	if (!out->field)
		loader_error_at(load->loader, item,
		                "%.*s: not-in names \"%.*s\"; expected KIND or KIND.FIELD%.*s",
		                STR_ARG(about), STR_ARG(str_sub(item->text, 0, 80)),
		                STR_ARG(load_nearest(load, item->text, &load->whole->kinds)));
}

static const struct pack_not_in *read_not_in(struct load *load, const struct yaml *node,
                                             struct str about, size_t *count)
{
	struct pack_not_in *out = loader_alloc(load->loader, count_of(node), sizeof *out);
	*count = 0;
	for (const struct yaml *item = out ? first_of(node) : NULL; item;
	     item = next_of(node, item))
		read_place(load, item, about, &out[(*count)++]);
	return out;
}

/* Puts each phrase into its bucket; those of one bucket keep no order, the longest is taken. */
static void read_phrases(struct load *load, const struct yaml *node, const struct pack_word *word,
                         struct pack_lexicon *lexicon, struct str about)
{
	struct lexicon_phrase *out = loader_alloc(load->loader, count_of(node), sizeof *out);
	for (const struct yaml *item = out ? first_of(node) : NULL; item;
	     item = next_of(node, item), out++) {
		if (!lexicon_read(load->loader, about, item, out))
			continue;
		const struct lexicon_word *first = &out->words[0];
		bool has_second = first->count > 1 && first->points[1] != '\'';
		size_t bucket = lexicon_bucket(first->points[0], has_second ? first->points[1] : 0);
		out->of = word;
		out->next = lexicon->buckets[bucket];
		lexicon->buckets[bucket] = out;
	}
}

static void read_word(struct load *load, const struct yaml *node, struct pack_word *word,
                      struct pack_lexicon *lexicon)
{
	struct str about = about_of(load, "word", node->key);
	const struct yaml *under = member_of(node, "under"), *when = member_of(node, "when");
	int64_t years = 0;
	word->name = node->key;
	word->advice = text_of(node, "advice");
	word->source = text_of(node, "source");
	word->match = texts_of(load, member_of(node, "match"), &word->match_count);
	word->instead = texts_of(load, member_of(node, "instead"), &word->instead_count);
	word->in = read_in(load, member_of(node, "in"), about);
	word->not_next =
		read_not_next(load, member_of(node, "not-next"), about, &word->not_next_count);
	word->not_in = read_not_in(load, member_of(node, "not-in"), about, &word->not_in_count);
	if (under && scalar_integer(under->text, &years))
		word->under = (unsigned)years;
	if (when)
		word->when = load_cond(load, when, about, NULL, UINT64_MAX, false);
	read_phrases(load, member_of(node, "match"), word, lexicon, about);
}

void load_words(struct load *load)
{
	const struct yaml *root = load->whole->roots[SECTION_WORDS];
	struct pack_word *words = loader_alloc(load->loader, root->count, sizeof *words);
	struct pack_lexicon *lexicon = loader_alloc(load->loader, 1, sizeof *lexicon);
	size_t count = 0;
	if (!words || !lexicon)
		return;
	for (const struct yaml *node = root->first; node; node = node->next)
		read_word(load, node, &words[count++], lexicon);
	load->whole->pack.words = words;
	load->whole->pack.word_count = count;
	load->whole->pack.lexicon = count ? lexicon : NULL;
}
