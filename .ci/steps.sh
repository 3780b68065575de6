# Runs the steps of a plan: `step NAME COMMAND…` alone, `beside NAME COMMAND…` in one of three lanes, `close` at the end. Sourced by .ci/run, which is the plan.
# A step ends its output with `NAME: N passed, N failed`; one that fails without saying so, is killed, or says nothing counts as one failure. A step of a lane prints its
# log when it ends, so that lanes never mix; a step that is alone waits for all lanes to be empty, and its output is seen as it comes.
# one more than there are cores on the smallest machine: what runs in a lane waits for a part of its time
lanes=3
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
trap 'stop 130' INT
trap 'stop 143' TERM
rows=() failed_steps=() running=() passed=0 failed=0

# Interrupted: what still runs is ended too, each lane with its children.
stop() { # stop EXIT_CODE
  local entry
  for entry in "${running[@]}"; do kill -- "-${entry%% *}" 2>/dev/null; done
  exit "$1"
}

# The command with its output into its log, and how it took the machine: wall and CPU seconds of it and its children.
measured() { # measured NAME COMMAND…
  local name=$1 TIMEFORMAT='%R %U %S' status=0
  shift
  { time "$@" </dev/null >"$logs/$name" 2>&1; } 2>"$logs/$name.time" || status=$?
  return "$status"
}

count_step() { # count_step NAME STATUS: adds up what a step said
  local name=$1 status=$2 closing ok=0 bad=0 wall=0 user=0 system=0
  closing=$(sed 's/\x1b\[[0-9;]*m//g' "$logs/$name" | grep -E "^$name: [0-9]+ passed, [0-9]+ failed\$" | tail -1)
  if [[ $closing =~ ([0-9]+)\ passed,\ ([0-9]+)\ failed ]]; then ok=${BASH_REMATCH[1]} bad=${BASH_REMATCH[2]}; fi
  [ "$status" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
  [ "$status" -eq 0 ] && [ "$ok" -eq 0 ] && [ "$bad" -eq 0 ] && bad=1
  passed=$((passed + ok)) failed=$((failed + bad))
  [ "$bad" -eq 0 ] || failed_steps+=("$name")
  [ -s "$logs/$name.time" ] && read -r wall user system < <(tail -1 "$logs/$name.time")
  rows+=("$(printf '%-18s %-6s %6.0f s %6.0f s of CPU %8d passed %6d failed' "$name" "$([ "$bad" -eq 0 ] && echo passed || echo FAILED)" \
    "$wall" "$(awk "BEGIN { print ${user:-0} + ${system:-0} }")" "$ok" "$bad")")
}

step() { # step NAME COMMAND…
  local name=$1 status=0 seen
  drain 0
  printf '\n=== %s: %s\n' "$name" "${*:2}"
  : >"$logs/$name"
  tail -n +1 -f "$logs/$name" & seen=$!
  (measured "$@") || status=$?
  # what was written last is seen too
  sleep 0.2
  kill "$seen" && wait "$seen" 2>/dev/null
  count_step "$name" "$status"
}

beside() { # beside NAME COMMAND…
  local name=$1
  drain $((lanes - 1))
  : >"$logs/$name"
  echo "--- $name begins: ${*:2}"
  # a process group of its own, so that it can be ended whole
  set -m
  (set +m; measured "$@") &
  set +m
  running+=("$! $name")
}

drain() { # drain N: waits until at most N lanes are taken
  local entry pid name status left
  while [ "${#running[@]}" -gt "$1" ]; do
    left=()
    for entry in "${running[@]}"; do
      read -r pid name <<<"$entry"
      if kill -0 "$pid" 2>/dev/null; then
        left+=("$entry")
        continue
      fi
      status=0
      wait "$pid" || status=$?
      printf '\n=== %s ended with %d\n' "$name" "$status"
      cat "$logs/$name"
      count_step "$name" "$status"
    done
    running=("${left[@]}")
    [ "${#running[@]}" -gt "$1" ] && sleep 0.1
  done
}

close() { # the table, and the line that says it all
  local name
  drain 0
  printf '\n=== steps, %d s in all\n' "$SECONDS"
  printf '%s\n' "${rows[@]}"
  for name in "${failed_steps[@]}"; do echo "failed step: $name"; done
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
