/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Agencies and offices. */
#include "pack/load.h"

static const struct pack_office *office_at(struct load *load, const struct yaml *body,
                                           const char *key, struct str about)
{
	const struct yaml *node = member_of(body, key);
	if (!node)
		return NULL;
	size_t number =
		load_resolve(load, node, node->text, about, "office", &load->whole->offices);
	return number == SIZE_MAX ? NULL : &load->offices[number];
}

static const struct pack_office *const *offices_of(struct load *load, const struct yaml *node,
                                                   struct str about, size_t *count)
{
	const struct pack_office **out = loader_alloc(load->loader, count_of(node), sizeof *out);
	*count = 0;
	for (const struct yaml *item = out ? first_of(node) : NULL; item;
	     item = next_of(node, item)) {
		size_t number = load_resolve(load, item, item->text, about, "office",
		                             &load->whole->offices);
		if (number != SIZE_MAX)
			out[(*count)++] = &load->offices[number];
	}
	return out;
}

static void read_states(struct load *load, const struct yaml *node, struct str about,
                        struct pack_read *read)
{
	const struct pack *pack = &load->whole->pack;
	if (!node)
		return;
	uint32_t *masks = loader_alloc(load->loader, pack->file_type_count, sizeof *masks);
	if (!masks)
		return;
	for (const struct yaml *item = node->first; item; item = item->next) {
		if (!load_state(load, item, about, "reads", read->file_types))
			continue;
		for (size_t i = 0; i < pack->file_type_count; i++) {
			int state = pack_state_find(&pack->file_types[i], item->text);
			if ((read->file_types >> i & 1) && state >= 0)
				masks[i] |= UINT32_C(1) << (unsigned)state;
		}
	}
	read->states = masks;
}

static void read_reads(struct load *load, const struct yaml *node, struct str about,
                       struct pack_office *office)
{
	static const struct str WHAT[] = {
		[PACK_READS_NOTHING] = { "nothing", 7 },
		[PACK_READS_SAMPLE] = { "sample", 6 },
		[PACK_READS_FIGURES] = { "figures", 7 },
		[PACK_READS_OWN] = { "own", 3 },
		[PACK_READS_CHILDREN] = { "children", 8 },
		[PACK_READS_RESTRICTED] = { "restricted", 10 },
	};
	struct pack_read *reads = loader_alloc(load->loader, node->count, sizeof *reads);
	if (!reads)
		return;
	for (const struct yaml *item = node->first; item; item = item->next) {
		struct pack_read *read = &reads[office->read_count++];
		struct str what = text_of(item, "what");
		const struct yaml *files = member_of(item, "files");
		for (size_t i = 0; i < COUNT_OF(WHAT); i++) {
			if (str_eq(WHAT[i], what))
				read->what = (enum pack_reads)i;
		}
		read->file_types = files ? load_type_mask(load, files, about) : UINT64_MAX;
		read_states(load, member_of(item, "states"), about, read);
		if (read->what == PACK_READS_RESTRICTED && !office->is_independent)
			loader_error_at(load->loader, item,
			                "%.*s reads what is restricted, and is not independent",
			                STR_ARG(about));
	}
	office->reads = reads;
}

static void read_office(struct load *load, const struct yaml *node, struct pack_office *office)
{
	struct str about = about_of(load, "office", node->key);
	const struct yaml *agency = member_of(node, "agency"), *line = member_of(node, "line");
	size_t number =
		load_resolve(load, agency, agency->text, about, "agency", &load->whole->agencies);
	office->title = text_of(node, "title");
	office->public_title = text_of(node, "public");
	office->agency = number == SIZE_MAX ? NULL : &load->agencies[number];
	if (!str_eq(line->text, STR("none")))
		office->line = office_at(load, node, "line", about);
	office->is_outside = is_yes(node, "outside");
	office->is_independent = is_yes(node, "independent");
	office->retired = text_of(node, "retired");
	office->outside_line_of = offices_of(load, member_of(node, "outside-line-of"), about,
	                                     &office->outside_line_of_count);
	office->deputies =
		offices_of(load, member_of(node, "deputies"), about, &office->deputy_count);
	for (size_t i = 0; i < office->deputy_count; i++) {
		if (office->deputies[i] == office)
			loader_error_at(load->loader, member_of(node, "deputies"),
			                "%.*s is its own deputy; expected another office",
			                STR_ARG(about));
	}
	read_reads(load, member_of(node, "reads"), about, office);
}

static void read_agency(struct load *load, const struct yaml *node, struct pack_agency *agency)
{
	static const char *const NEEDED[] = { "head", "chief", "inspectorate" };
	struct str about = about_of(load, "agency", node->key);
	agency->title = text_of(node, "title");
	agency->is_outside = is_yes(node, "outside");
	agency->head = office_at(load, node, "head", about);
	agency->chief = office_at(load, node, "chief", about);
	agency->inspectorate = office_at(load, node, "inspectorate", about);
	for (size_t i = 0; i < COUNT_OF(NEEDED); i++) {
		if (!agency->is_outside && !member_of(node, NEEDED[i]))
			loader_error_key(load->loader, node,
			                 "%.*s has no \"%s\"; only an agency that is outside"
			                 " goes without",
			                 STR_ARG(about), NEEDED[i]);
	}
}

void load_offices(struct load *load)
{
	struct pack_agency *agency = load->agencies;
	struct pack_office *office = load->offices;
	for (const struct yaml *node = load->whole->roots[SECTION_OFFICES]->first; node;
	     node = node->next)
		read_office(load, node, office++);
	for (const struct yaml *node = load->whole->roots[SECTION_AGENCIES]->first; node;
	     node = node->next, agency++) {
		read_agency(load, node, agency);
		if (agency->inspectorate && !agency->inspectorate->is_outside)
			loader_error_at(load->loader, member_of(node, "inspectorate"),
			                "agency %.*s: inspectorate %.*s is not outside",
			                STR_ARG(node->key), STR_ARG(agency->inspectorate->name));
	}
}
