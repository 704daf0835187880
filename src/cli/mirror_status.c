/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a mirror tells of a look: in DIR/status.html for people, in DIR/status.json for programs. */
#include "cli/mirror_parts.h"

#define SEEN_MAX 200 /* bytes of DIR/seen */

void mirror_alarm(struct cli_call *call, struct mirror_seen *seen, struct str word,
                  struct str words)
{
	struct str said = words.p ? words : STR("");
	if (seen->alarm_count < MIRROR_ALARMS_MAX)
		seen->alarms[seen->alarm_count++] = (struct web_mirror_alarm){ word, said };
	cli_print(call, "alarm %.*s: %.*s", STR_ARG(word), STR_ARG(said));
}

/* "SIZE TIME" of DIR/seen: the size that was seen first at that time. */
static bool read_seen(struct arena *arena, const char *path, int64_t *size, instant *at)
{
	struct str text, first = STR("");
	struct err ignored = { 0 };
	uint64_t n;
	if (!file_read(arena, path, SEEN_MAX, &text, &ignored))
		return false;
	text = str_trim(text);
	if (!str_cut(&text, ' ', &first) || !str_to_u64(first, INT64_MAX, &n) ||
	    !instant_read(str_trim(text), at))
		return false;
	*size = (int64_t)n;
	return true;
}

bool mirror_grown(struct cli_call *call, struct mirror_seen *seen, int64_t size, struct err *err)
{
	int64_t before;
	const char *path = file_join(seen->arena, call->dir, "seen");
	if (!path)
		return err_set(err, ERR_UNABLE, "There is no memory to look at a log");
	if (read_seen(seen->arena, path, &before, &seen->grown) && before == size &&
	    seen->grown <= seen->now)
		return true;
	seen->grown = seen->now;
	struct str text = arena_format(seen->arena, "%" PRId64 " %.*s\n", size,
	                               STR_ARG(instant_write(seen->arena, seen->now)));
	return text.p ? file_write(path, 0644, text, err)
	              : err_set(err, ERR_UNABLE, "There is no memory to look at a log");
}

/* Each witness of the policy, and whether it signed the copy's checkpoint. */
static bool list_witnesses(const struct log_mirror *mirror, const struct log_policy *policy,
                           struct arena *arena, struct web_mirror *out, struct err *err)
{
	size_t keys, count = log_policy_witness_count(policy);
	const struct log_vkey *all = log_policy_keys(policy, &keys);
	struct log_verified *verified = arena_alloc(arena, 1, sizeof *verified);
	struct web_mirror_witness *at = arena_alloc(arena, count + 1, sizeof *at);
	if (!verified || !at)
		return err_set(err, ERR_UNABLE, "There is no memory for a page");
	if (!log_mirror_signers(mirror, arena, verified, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		at[i] = (struct web_mirror_witness){ .name = log_policy_witness_name(policy, i) };
		for (size_t s = 0; s < verified->count; s++)
			if (verified->at[s].key == &all[keys - count + i])
				at[i].at = verified->at[s].time * INSTANT_PER_SECOND;
	}
	out->asks = count > 0;
	out->witnesses = at;
	out->witness_count = count;
	return true;
}

static bool fill_root(struct log_mirror *mirror, struct arena *arena, struct web_mirror *out,
                      struct err *err)
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	struct hash root;
	if (out->size == 0)
		return true;
	if (!log_mirror_root(mirror, out->size, &root, err))
		return false;
	buf_init(&text, 100);
	buf_add_base64(&text, root.bytes, HASH_SIZE);
	out->root = arena_copy(arena, buf_str(&text));
	return out->root.p || err_set(err, ERR_UNABLE, "There is no memory for a page");
}

static bool write_file(struct cli_call *call, struct arena *arena, const char *name,
                       struct str text, struct err *err)
{
	const char *path = file_join(arena, call->dir, name);
	return path ? file_write(path, 0644, text, err)
	            : err_set(err, ERR_UNABLE, "There is no memory for a page");
}

bool mirror_write_status(struct cli_call *call, struct log_mirror *mirror,
                         const struct mirror_source *source, const struct mirror_seen *seen,
                         struct err *err)
{
	struct arena *arena = seen->arena;
	struct hash hash = hash_of(log_mirror_origin(mirror));
	struct web_mirror page = {
		.origin = log_mirror_origin(mirror),
		.url = source->url,
		.folder = hash_hex(arena, &hash),
		.size = log_mirror_size(mirror),
		.looked = seen->now,
		.grown = seen->grown,
		.unreached = seen->unreached,
		.alarms = seen->alarms,
		.alarm_count = seen->alarm_count,
		.has_opened = seen->has_opened,
		.opened = seen->opened,
		.newest = seen->newest,
		.reckoned = seen->reckoned,
	};
	struct str html, json;
	return (page.folder.p || err_set(err, ERR_UNABLE, "There is no memory for a page")) &&
	       fill_root(mirror, arena, &page, err) &&
	       list_witnesses(mirror, source->policy, arena, &page, err) &&
	       web_mirror_page(&page, arena, &html, &json, err) &&
	       write_file(call, arena, "status.json", json, err) &&
	       write_file(call, arena, "status.html", html, err);
}
