/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Built-in kinds put into the tables of a pack, as if the pack had written them. */
#include "pack/built_in.h"
#include "pack/load.h"

#define ADMINISTRATOR STR("register-administrator")
#define TEXT_BYTES 10000
#define ACT_BYTES 65536
#define KEY_BYTES 512 /* of a verifier key: the name of a log is up to 255 */

static uint64_t types_of(const struct load *load, enum built_in_on on)
{
	const struct pack *pack = &load->whole->pack;
	switch (on) {
	case BUILT_IN_ON_REGISTER:
		return UINT64_C(1) << pack->register_type->number;
	case BUILT_IN_ON_OFFICE:
		return UINT64_C(1) << pack->office_type->number;
	case BUILT_IN_ON_ANY:
		break;
	}
	return pack->file_type_count >= 64 ? UINT64_MAX
	                                   : (UINT64_C(1) << pack->file_type_count) - 1;
}

static void read_by(struct load *load, enum built_in_by by, struct pack_kind *kind)
{
	struct pack_by *out = loader_alloc(load->loader, 1, sizeof *out);
	const struct pack_office *administrator =
		pack_office_find(&load->whole->pack, ADMINISTRATOR);
	if (!out)
		return;
	out->sort = by == BUILT_IN_BY_ANYONE || by == BUILT_IN_BY_READER ? PACK_BY_ANYONE
	                                                                 : PACK_BY_REGISTER;
	if (by == BUILT_IN_BY_ADMINISTRATOR && administrator)
		*out = (struct pack_by){ .sort = PACK_BY_ROLE, .role = administrator };
	kind->by = out;
	kind->by_count = 1;
}

static const struct pack_list *codes_of(struct load *load, const char *words)
{
	struct pack_list *list = loader_alloc(load->loader, 1, sizeof *list);
	struct str rest = str_from_c(words), word;
	size_t count = 0;
	struct pack_code *codes = loader_alloc(load->loader, 8, sizeof *codes);
	if (!list || !codes)
		return NULL;
	while (count < 8 && str_cut(&rest, ' ', &word))
		codes[count++] =
			(struct pack_code){ .code = word, .title = load_label(load, word) };
	*list = (struct pack_list){ .codes = codes, .count = count, .is_closed = true };
	return list;
}

static void read_fields(struct load *load, const struct built_in_kind *from, struct pack_kind *kind)
{
	struct pack_field *fields = loader_alloc(load->loader, BUILT_IN_FIELDS_MAX, sizeof *fields);
	if (!fields)
		return;
	for (size_t i = 0; i < BUILT_IN_FIELDS_MAX && from->fields[i].name; i++) {
		const struct built_in_field *field = &from->fields[i];
		bool is_text = field->type >= PACK_TEXT;
		fields[kind->field_count++] = (struct pack_field){
			.name = str_from_c(field->name),
			.label = load_label(load, str_from_c(field->name)),
			.type = field->type,
			.is_sealed = is_text,
			.is_repeated = field->items_max > 1,
			.required = field->is_required ? PACK_REQUIRED : PACK_OPTIONAL,
			.min = INT64_MIN,
			.max = str_starts(kind->name, STR("log.key-"))  ? KEY_BYTES
			       : !is_text                               ? INT64_MAX
			       : str_eq(kind->name, STR("act.waiting")) ? ACT_BYTES
			                                                : TEXT_BYTES,
			.items_max = (size_t)field->items_max,
			.list = field->codes ? codes_of(load, field->codes) : NULL,
		};
	}
	kind->fields = fields;
}

void load_built_in_kind(struct load *load, struct pack_kind *kind)
{
	const struct built_in_kind *from = built_in_kind(kind->name);
	const struct pack *pack = &load->whole->pack;
	kind->title = str_from_c(from->title);
	const struct built_in_action *said = built_in_action(kind->name);
	kind->action = said ? str_from_c(said->action) : STR("");
	kind->is_weighty = said && said->is_weighty;
	kind->file_types = types_of(load, from->on);
	read_by(load, from->by, kind);
	read_fields(load, from, kind);
	kind->may_begin = str_eq(kind->name, STR("office.made"));
	uint32_t *masks = loader_alloc(load->loader, pack->file_type_count, sizeof *masks);
	for (size_t i = 0; masks && i < pack->file_type_count; i++)
		masks[i] = kind->file_types >> i & 1
		                   ? UINT32_MAX >> (32 - pack->file_types[i].state_count)
		                   : 0;
	kind->from = masks;
}
