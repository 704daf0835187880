/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sentences that a pack does not say in a language it names: they fall back to its own. */
#include "pack/sentence.h"
#include "pack/whole.h"

#define UNTOLD_MAX ((size_t)65536)

struct telling {
	const struct pack *pack;
	struct arena *arena;
	struct pack_untold *out;
	struct str *paths;
	bool no_room;
};

/* Counts the sentence at `path`, unless there is none to say. */
static void look(struct telling *telling, struct str sentence, struct str path)
{
	if (!sentence.n)
		return;
	telling->out->all++;
	if (pack_text(telling->pack, telling->out->language, path, STR_NONE).p)
		return;
	telling->no_room = telling->no_room || !path.p || telling->out->count == UNTOLD_MAX;
	if (!telling->no_room)
		telling->paths[telling->out->count++] = path;
}

static void look_at_kind(struct telling *telling, const struct pack_kind *kind)
{
	look(telling, kind->title,
	     arena_format(telling->arena, "kind.%.*s.title", STR_ARG(kind->name)));
	look(telling, kind->action,
	     arena_format(telling->arena, "kind.%.*s.action", STR_ARG(kind->name)));
	look(telling, kind->public_text,
	     arena_format(telling->arena, "kind.%.*s.public", STR_ARG(kind->name)));
	for (size_t f = 0; f < kind->field_count; f++) {
		const struct pack_field *field = &kind->fields[f];
		if (field->retired.p)
			continue;
		look(telling, field->label,
		     arena_format(telling->arena, "kind.%.*s.field.%.*s.label", STR_ARG(kind->name),
		                  STR_ARG(field->name)));
		look(telling, field->hint,
		     arena_format(telling->arena, "kind.%.*s.field.%.*s.hint", STR_ARG(kind->name),
		                  STR_ARG(field->name)));
	}
}

static void look_at_gate(struct telling *telling, const struct pack_gate *gate)
{
	for (size_t n = 0; n < gate->need_count; n++) {
		look(telling, gate->needs[n].otherwise,
		     arena_format(telling->arena, "gate.%.*s.%zu.else", STR_ARG(gate->name),
		                  n + 1));
		look(telling, gate->needs[n].there,
		     arena_format(telling->arena, "gate.%.*s.%zu.there", STR_ARG(gate->name),
		                  n + 1));
	}
}

static void look_at_type(struct telling *telling, const struct pack_file_type *type)
{
	look(telling, type->title,
	     arena_format(telling->arena, "file.%.*s.title", STR_ARG(type->name)));
	for (size_t s = 0; s < type->state_count; s++)
		look(telling, type->states[s],
		     arena_format(telling->arena, "file.%.*s.state.%.*s", STR_ARG(type->name),
		                  STR_ARG(type->states[s])));
}

static void look_at_list(struct telling *telling, const struct pack_list *list)
{
	for (size_t c = 0; c < list->count; c++)
		if (!list->codes[c].retired.p)
			look(telling, list->codes[c].title,
			     arena_format(telling->arena, "list.%.*s.%.*s", STR_ARG(list->name),
			                  STR_ARG(list->codes[c].code)));
}

static void look_at_all(struct telling *telling)
{
	const struct pack *pack = telling->pack;
	for (size_t i = 0; i < pack->kind_count; i++)
		if (!pack->kinds[i].is_built_in && !pack->kinds[i].retired.p)
			look_at_kind(telling, &pack->kinds[i]);
	for (size_t i = 0; i < pack->list_count; i++)
		look_at_list(telling, &pack->lists[i]);
	for (size_t i = 0; i < pack->gate_count; i++)
		look_at_gate(telling, &pack->gates[i]);
	for (size_t i = 0; i < pack->duty_count; i++)
		if (!pack->duties[i].is_built_in)
			look(telling, pack->duties[i].title,
			     arena_format(telling->arena, "duty.%.*s.title",
			                  STR_ARG(pack->duties[i].name)));
	for (size_t i = 0; i < pack->file_type_count; i++)
		if (!pack->file_types[i].is_built_in)
			look_at_type(telling, &pack->file_types[i]);
	for (size_t i = 0; i < pack->office_count; i++)
		look(telling, pack->offices[i].title,
		     arena_format(telling->arena, "office.%.*s.title",
		                  STR_ARG(pack->offices[i].name)));
	for (size_t i = 0; i < pack->agency_count; i++)
		look(telling, pack->agencies[i].title,
		     arena_format(telling->arena, "agency.%.*s.title",
		                  STR_ARG(pack->agencies[i].name)));
	for (size_t i = 0; i < pack_sentence_count; i++)
		look(telling, str_from_c(pack_sentences[i].text),
		     arena_format(telling->arena, "%s", pack_sentences[i].path));
}

bool pack_untold(const struct pack *pack, struct arena *arena, const struct pack_untold **out,
                 size_t *count, struct err *err)
{
	const struct yaml *languages =
		yaml_member(whole_of(pack)->roots[SECTION_PACK], STR("languages"));
	size_t room = languages ? languages->count + 1 : 1;
	struct pack_untold *found = arena_alloc(arena, room, sizeof *found);
	*count = 0;
	*out = found;
	for (const struct yaml *one = found && languages ? languages->first : NULL; one;
	     one = one->next) {
		struct telling telling = { .pack = pack, .arena = arena };
		if (str_eq(one->text, pack->language))
			continue;
		telling.out = &found[*count];
		*telling.out = (struct pack_untold){ .language = one->text };
		telling.paths = arena_alloc(arena, UNTOLD_MAX, sizeof *telling.paths);
		if (!telling.paths)
			return err_set(err, ERR_UNABLE, "There is no room to look at the texts");
		look_at_all(&telling);
		if (telling.no_room)
			return err_set(err, ERR_UNABLE, "There is no room to look at the texts");
		telling.out->paths = telling.paths;
		(*count)++;
	}
	return found || err_set(err, ERR_UNABLE, "There is no room to look at the texts");
}
