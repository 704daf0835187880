/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the forms of an offence never ask: whether a child agreed to it. */
#include "england/england.h"

#include <strings.h>

static bool speaks_of(struct str text, const char *word)
{
	for (size_t i = 0; i + strlen(word) <= text.n; i++) {
		if (strncasecmp(text.p + i, word, strlen(word)) == 0)
			return true;
	}
	return false;
}

/* A form that is filled in on an offence, or about one: every word that it shows. */
static void no_form_of_an_offence_speaks_of_consent(void **state)
{
	static const char *const NEVER[] = { "consent", "willing", "agreed to sex", "boyfriend", "girlfriend" };
	(void)state;
	struct england *e = england_begin(FIXTURE_START);
	const struct pack_file_type *offence = pack_file_type_find(e->pack, STR("offence"));
	size_t looked = 0;
	assert_non_null(offence);
	for (size_t k = 0; k < e->pack->kind_count; k++) {
		const struct pack_kind *kind = &e->pack->kinds[k];
		if (kind->is_built_in || !(kind->file_types >> offence->number & 1))
			continue;
		for (size_t i = 0; i < kind->field_count; i++) {
			const struct pack_field *field = &kind->fields[i];
			const struct pack_list *list = field->list;
			for (size_t n = 0; n < COUNT_OF(NEVER); n++) {
				assert_false(speaks_of(field->name, NEVER[n]));
				assert_false(speaks_of(field->label, NEVER[n]));
				assert_false(speaks_of(field->hint, NEVER[n]));
				for (size_t c = 0; list && c < list->count; c++) {
					assert_false(speaks_of(list->codes[c].code, NEVER[n]));
					if (speaks_of(list->codes[c].title, NEVER[n]) &&
					    !str_eq(field->name, STR("lawful-basis")))
						fail_msg("%.*s: \"%.*s\"", STR_ARG(kind->name),
						         STR_ARG(list->codes[c].title));
				}
			}
			looked++;
		}
	}
	assert_true(looked > 60);
	england_end(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(no_form_of_an_offence_speaks_of_consent) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
