/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a condition may say, where of each of its atoms it is known only what that may say. */
#include "pack/check.h"

unsigned may_join(unsigned a, unsigned b, bool is_and)
{
	unsigned either = is_and ? MAY_FAIL : MAY_HOLD; /* one is enough for it */
	unsigned both = is_and ? MAY_HOLD : MAY_FAIL;
	return ((a | b) & either) | (a & b & both);
}

unsigned may_turn(unsigned may)
{
	return (may & MAY_FAIL ? MAY_HOLD : 0) | (may & MAY_HOLD ? MAY_FAIL : 0);
}

unsigned may_say(const struct pack_cond *cond, may_ask *ask, const void *ctx)
{
	unsigned stack[COND_OPS_MAX];
	size_t top = 0;
	for (size_t i = 0; cond && i < cond->op_count; i++) {
		const struct cond_op *op = &cond->ops[i];
		if (op->code == COND_ATOM) {
			stack[top++] = ask(ctx, op->b);
		} else if (op->code == COND_NOT) {
			stack[top - 1] = may_turn(stack[top - 1]);
		} else if (op->code == COND_AND || op->code == COND_OR) {
			top--;
			stack[top - 1] = may_join(stack[top - 1], stack[top], op->code == COND_AND);
		}
	}
	return top ? stack[top - 1] : MAY_HOLD;
}
