/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The smallest server there is, to be looked at and measured: answers a line
 * of text at / and /a until its input ends.
 *
 *   hello [HOST:PORT]        default 127.0.0.1:8080
 */
#include <stdio.h>

#include "web/hello.h"

int main(int argc, char **argv)
{
	struct server_config config = hello_config();
	struct server *server;
	struct err err = { 0 };
	config.listen = argc > 1 ? argv[1] : SERVER_LISTEN;
	config.names.host_count = 0; /* whatever the measuring client writes */
	config.head_ms = SERVER_HEAD_MS;
	config.body_ms = SERVER_BODY_MS;
	if (!server_start(&config, &server, &err)) {
		(void)fprintf(stderr, "%s\n", err.message);
		return err_exit_status(err.code);
	}
	printf("listening on port %u; end the input to stop\n", (unsigned)server_port(server));
	(void)fflush(stdout);
	while (getchar() != EOF)
		continue;
	server_stop(server);
	return 0;
}
