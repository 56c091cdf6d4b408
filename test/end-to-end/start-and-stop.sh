#!/usr/bin/env bash
# What a person sees first: `npm start` in the clone says that it is ready, Ctrl-C leaves no process, and a machine without
# Java is told so in one sentence with the fix. Exits with 1 at the first thing that is otherwise. Linux (it reads /proc).
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
group=
fail() {
  echo "start-and-stop: $1" >&2
  for log in "$work"/*.log; do sed "s|^|  $(basename "$log"): |" "$log" >&2; done
  exit 1
}
# However this ends, nothing of it stays: the group goes at once, and the engine ends when its parent is gone.
trap '[ -z "$group" ] || kill -KILL -- "-$group" 2>/dev/null || true; rm -rf "$work"' EXIT

# Processes whose command line names the data directory (the engine and its watchdog do).
users_of() {
  local file
  for file in /proc/[0-9]*/cmdline; do
    # A process may end while it is looked at.
    { tr '\0' ' ' <"$file" | grep -qF -- "$1"; } 2>/dev/null && basename "$(dirname "$file")" || true
  done
}
within() { # seconds, command...: true as soon as the command succeeds
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}
is_gone() { [ -z "$(users_of "$1")" ]; }
group_is_gone() { ! kill -0 -- "-$group" 2>/dev/null; }
says_ready_or_ended() { grep -qF "$ready" "$work/start.log" || group_is_gone; }

port=$(node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
ready="Tocsin is ready on http://127.0.0.1:$port"
data="$work/data"

# Job control gives the command a process group of its own and undisturbed signals, as a terminal does.
set -m
PORT=$port DATA_DIR=$data npm start >"$work/start.log" 2>&1 </dev/null &
group=$!
set +m
# A fresh clone installs its packages first.
within 300 says_ready_or_ended && grep -qF "$ready" "$work/start.log" || fail "it did not say \"$ready\""
[ -n "$(users_of "$data")" ] || fail 'no engine is running, so this script cannot tell whether one is left behind'
curl -fsS --max-time 10 "http://127.0.0.1:$port/healthz" >"$work/healthz.log" || fail 'GET /healthz was refused'
curl -fsS --max-time 10 "http://127.0.0.1:$port/sandbox/" >/dev/null || fail 'GET /sandbox/ was refused'

# Ctrl-C goes to every process of the terminal's group at once: npm, its shell, and node.
kill -INT -- "-$group"
within 15 group_is_gone || fail 'Ctrl-C left a process of the group behind'
within 1 is_gone "$data" || fail "Ctrl-C left an engine behind: process $(users_of "$data" | tr '\n' ' ')"
group=
grep -q 'Error' "$work/start.log" && fail 'stopping was not clean'
echo "start-and-stop: ready on port $port, and nothing is left after Ctrl-C"

# A machine with Node and nothing else: neither java nor docker is on its PATH.
mkdir "$work/bin"
for program in node npm sh; do ln -s "$(command -v "$program")" "$work/bin/$program"; done
code=0
env -u JAVA_HOME PATH="$work/bin" PORT="$port" DATA_DIR="$work/no-java" npm start --silent \
  >"$work/no-java-out.log" 2>"$work/no-java.log" </dev/null || code=$?
[ "$code" -eq 1 ] || fail "without Java it ended with $code instead of 1"
[ "$(wc -l <"$work/no-java.log")" -eq 1 ] || fail 'without Java it said more, or less, than one sentence'
grep -q 'needs Java 17 or newer, or Docker.*install' "$work/no-java.log" || fail 'without Java it did not say what to install'
is_gone "$work/no-java" || fail 'without Java something kept running'
echo 'start-and-stop: without Java it says what to install'
