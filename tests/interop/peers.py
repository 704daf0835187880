# SPDX-License-Identifier: AGPL-3.0-or-later
"""Other people's programs, taken by their package names; nothing of them enters the repository."""
import os
import shutil
import subprocess

PEERS = {
    "fsck": "github.com/transparency-dev/tessera/cmd/fsck@v1.0.4",
    "hammer": "github.com/transparency-dev/tessera/internal/hammer@v1.0.4",
    "posix": "github.com/transparency-dev/tessera/cmd/conformance/posix@v1.0.4",
    "litewitness": "filippo.io/torchwood/cmd/litewitness@v0.9.0",
    "omniwitness": "github.com/transparency-dev/witness/cmd/omniwitness@v0.0.0-20260720115447-2e1c6971d19e",
    "generate_keys": "github.com/transparency-dev/witness/cmd/generate_keys@v0.0.0-20260720115447-2e1c6971d19e",
}


def find_go():
    for path in (shutil.which("go"), "/usr/local/go/bin/go"):
        if path and os.access(path, os.X_OK):
            return path
    return None


def install(go, folder, names=tuple(PEERS)):
    """Name to program, for those that could be had, and why the others could not. A Go that is too old takes a newer
    one for itself, unless GOTOOLCHAIN says otherwise."""
    bins = os.path.join(folder, "bin")
    env = dict(os.environ, GOPATH=folder, GOBIN=bins, GOFLAGS="-mod=mod",
               GOTOOLCHAIN=os.environ.get("GOTOOLCHAIN", "auto"))
    had, why = {}, {}
    for name in names:
        path = os.path.join(bins, name)
        if not os.path.exists(path):
            ran = subprocess.run([go, "install", PEERS[name]], env=env, capture_output=True, text=True, check=False)
            if ran.returncode != 0:
                why[name] = (ran.stderr.strip().splitlines() or ["go install ended without a word"])[-1]
                continue
        had[name] = path
    return had, why
