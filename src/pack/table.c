/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whole sections as TSV, with what can be derived: what opens a duty, what settles it. */
#include "pack/phrase.h"

#define TEXT_BYTES_MAX ((size_t)8 * 1024 * 1024)

struct table {
	struct str name;
	void (*write)(struct buf *out, struct arena *arena, const struct pack *pack);
};

/* A cell holds no tab and no end of line. */
static void add_cell(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		buf_add_char(out, text.p[i] == '\t' || text.p[i] == '\n' ? ' ' : text.p[i]);
	buf_add_char(out, '\t');
}

static void end_cell(struct buf *out)
{
	buf_add_char(out, '\t');
}

/* Every cell has ended with a tab; the last gives way to the end of the line. */
static void end_row(struct buf *out)
{
	if (out->n && out->p[out->n - 1] == '\t')
		out->n--;
	buf_add_char(out, '\n');
}

static void write_duties(struct buf *out, struct arena *arena, const struct pack *pack)
{
	buf_add(out, STR("id\tduty\topened by\towed by\tdue\tsettled by\tladder\tsource\tclass\t"
	                 "certainty\n"));
	for (size_t i = 0; i < pack->duty_count; i++) {
		const struct pack_duty *duty = &pack->duties[i];
		add_cell(out, duty->name);
		add_cell(out, duty->title);
		phrase_openers(out, arena, pack, duty);
		end_cell(out);
		if (!phrase_asked(out, duty))
			phrase_owners(out, duty->owners, duty->owner_count, ", ", PHRASE_NAMES);
		phrase_owned_else(out, pack, duty, PHRASE_NAMES);
		end_cell(out);
		phrase_due(out, duty);
		end_cell(out);
		phrase_settlers(out, arena, pack, duty);
		end_cell(out);
		phrase_ladder_name(out, duty);
		end_cell(out);
		add_cell(out, duty->source);
		add_cell(out, phrase_class(duty->class));
		add_cell(out, duty->certainty);
		end_row(out);
	}
}

static void write_fields(struct buf *out, const struct pack_kind *kind, bool sealed)
{
	const char *before = "";
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct pack_field *field = &kind->fields[i];
		if (field->is_sealed != sealed)
			continue;
		struct str type = phrase_type(field->type);
		buf_format(out, "%s%.*s%s:%s%.*s%s", before, STR_ARG(field->name),
		           field->required == PACK_REQUIRED ? "*" : "",
		           field->is_repeated ? "[" : "", STR_ARG(type),
		           field->is_repeated ? "]" : "");
		before = ", ";
	}
	end_cell(out);
}

static void write_kinds(struct buf *out, struct arena *arena, const struct pack *pack)
{
	buf_add(out,
	        STR("kind\ttitle\tfile\tto\tplain\tsealed\tby\topens\tsettles\tends\tneeds\n"));
	for (size_t i = 0; i < pack->kind_count; i++) {
		const struct pack_kind *kind = &pack->kinds[i];
		add_cell(out, kind->name);
		add_cell(out, kind->title);
		phrase_file_types(out, pack, kind->file_types, ", ");
		end_cell(out);
		phrase_to(out, kind);
		end_cell(out);
		write_fields(out, kind, false);
		write_fields(out, kind, true);
		phrase_by(out, kind, ", ", PHRASE_NAMES);
		end_cell(out);
		phrase_opens(out, arena, kind);
		end_cell(out);
		phrase_settles(out, arena, kind);
		end_cell(out);
		for (size_t j = 0; j < kind->end_count; j++)
			buf_format(out, "%s%.*s", j ? ", " : "", STR_ARG(kind->ends[j].duty->name));
		end_cell(out);
		for (size_t j = 0; j < kind->need_count; j++) {
			struct str need = kind->needs[j].gate ? kind->needs[j].gate->name
			                                      : kind->needs[j].need->otherwise;
			buf_format(out, "%s%.*s", j ? "; " : "", STR_ARG(need));
		}
		end_cell(out);
		end_row(out);
	}
}

static void write_gates(struct buf *out, struct arena *arena, const struct pack *pack)
{
	buf_add(out, STR("gate\ttitle\twhen\tmust hold\totherwise\n"));
	for (size_t i = 0; i < pack->gate_count; i++) {
		for (size_t j = 0; j < pack->gates[i].need_count; j++) {
			const struct pack_need *need = &pack->gates[i].needs[j];
			add_cell(out, pack->gates[i].name);
			add_cell(out, pack->gates[i].title);
			add_cell(out, need->when ? pack_cond_words(arena, need->when) : STR(""));
			add_cell(out, pack_cond_words(arena, need->need));
			add_cell(out, need->otherwise);
			end_row(out);
		}
	}
}

static void write_ladders(struct buf *out, struct arena *arena, const struct pack *pack)
{
	(void)arena;
	buf_add(out, STR("ladder\trung\tafter\ttells\tplace\tmakes\n"));
	for (size_t i = 0; i < pack->ladder_count; i++) {
		for (size_t j = 0; j < pack->ladders[i].count; j++) {
			const struct pack_rung *rung = &pack->ladders[i].rungs[j];
			static const struct str PLACES[] = {
				[PACK_LINE] = { "line", 4 },
				[PACK_INDEPENDENT] = { "independent", 11 },
				[PACK_OUTSIDE] = { "outside", 7 },
			};
			add_cell(out, pack->ladders[i].name);
			buf_format(out, "%zu\t", j + 1);
			phrase_period(out, &rung->after);
			end_cell(out);
			phrase_owners(out, rung->tell, rung->tell_count,
			              rung->is_one_of ? " | " : ", ", PHRASE_NAMES);
			end_cell(out);
			add_cell(out, PLACES[rung->place]);
			add_cell(out, rung->makes ? rung->makes->name : STR(""));
			end_row(out);
		}
	}
}

static void write_offices(struct buf *out, struct arena *arena, const struct pack *pack)
{
	(void)arena;
	buf_add(out, STR("office\ttitle\tagency\tline\tind\tdeputies\treads\n"));
	for (size_t i = 0; i < pack->office_count; i++) {
		const struct pack_office *office = &pack->offices[i];
		add_cell(out, office->name);
		add_cell(out, office->title);
		add_cell(out, office->agency->name);
		add_cell(out, office->line ? office->line->name : STR("none"));
		add_cell(out, office->is_outside       ? STR("outside")
		              : office->is_independent ? STR("independent")
		                                       : STR(""));
		for (size_t j = 0; j < office->deputy_count; j++)
			buf_format(out, "%s%.*s", j ? ", " : "",
			           STR_ARG(office->deputies[j]->name));
		end_cell(out);
		for (size_t j = 0; j < office->read_count; j++) {
			struct str what = phrase_reads(office->reads[j].what);
			buf_format(out, "%s%.*s", j ? ", " : "", STR_ARG(what));
			if (office->reads[j].file_types != UINT64_MAX) {
				buf_add(out, STR(" of "));
				phrase_file_types(out, pack, office->reads[j].file_types, "+");
			}
		}
		end_cell(out);
		end_row(out);
	}
}

static void add_found(struct buf *out, const struct pack *pack, const struct pack_found_open *open,
                      const char *before)
{
	buf_format(out, "%s%.*s", before, STR_ARG(open->duty->name));
	phrase_found_on(out, pack, open);
	phrase_found_each(out, open);
	if (!open->owner)
		return;
	buf_add(out, STR(" owed by "));
	phrase_owner(out, open->owner, PHRASE_NAMES);
}

static void write_patterns(struct buf *out, struct arena *arena, const struct pack *pack)
{
	buf_add(out, STR("id\ttitle\tabout\tcondition\topens\towner\tsource\n"));
	for (size_t i = 0; i < pack->pattern_count; i++) {
		const struct pack_pattern *pattern = &pack->patterns[i];
		add_cell(out, pattern->name);
		add_cell(out, pattern->title);
		add_cell(out, pattern->about->name);
		add_cell(out, pack_cond_words(arena, pattern->when));
		for (size_t j = 0; j < pattern->open_count; j++)
			add_found(out, pack, &pattern->opens[j], j ? ", " : "");
		end_cell(out);
		for (size_t j = 0; j < pattern->owner_count; j++) {
			buf_format(out, "%s", j ? ", " : "");
			phrase_owner(out, &pattern->owners[j], PHRASE_NAMES);
		}
		end_cell(out);
		add_cell(out, pattern->source);
		end_row(out);
	}
}

static const struct table TABLES[] = {
	{ { "duties", 6 }, write_duties },   { { "kinds", 5 }, write_kinds },
	{ { "gates", 5 }, write_gates },     { { "ladders", 7 }, write_ladders },
	{ { "offices", 7 }, write_offices }, { { "patterns", 8 }, write_patterns },
};

bool pack_table(const struct pack *pack, struct arena *arena, struct str what, struct str *out,
                struct err *err)
{
	*out = STR_NONE;
	for (size_t i = 0; i < COUNT_OF(TABLES); i++) {
		struct buf text;
		if (!str_eq(TABLES[i].name, what))
			continue;
		buf_init(&text, TEXT_BYTES_MAX);
		TABLES[i].write(&text, arena, pack);
		if (!text.full)
			*out = arena_copy(arena, buf_str(&text));
		buf_finish(&text);
		return out->p ? true
		              : err_set(err, ERR_UNABLE,
		                        "This table is too large to write at once");
	}
	return err_set(err, ERR_USAGE,
	               "There is no table %.*s; there are duties, kinds, gates, ladders, offices,"
	               " patterns",
	               STR_ARG(str_sub(what, 0, 64)));
}
