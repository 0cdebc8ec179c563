#!/usr/bin/env bash
# Prove the README's two commands in a bare Debian 12: a folder with nothing but python3, python3-venv and git.
# Or in a bare Ubuntu: SUITE=noble, and the address of an Ubuntu mirror.
#
#     sudo packaging/prove_bare.sh MIRROR FOLDER [HOST_FILE ...]
#
# MIRROR is the address of a Debian mirror. FOLDER is where the bare system goes: made anew if it is not there,
# else used again (remove it for a first-time run). HOST_FILEs are this computer's own network settings, copied to
# the same place inside, such as /etc/pip.conf; the PIP_* and *CERT* variables go along, the rest stays outside.
# The clone holds what is committed, nothing else. Needs root and debootstrap. Ends with 0 if both commands did.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,10p' "$0"; exit 2; }
mirror=$1 bare=$2
shift 2
checkout=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)

if [ ! -x "$bare/usr/bin/git" ]; then
    suite=${SUITE:-bookworm} components=main script=()
    case $mirror in *ubuntu*)
        components=main,universe  # python3-venv is in universe there
        scripts=/usr/share/debootstrap/scripts  # one script serves all of Ubuntu's releases, by many names
        [ -e "$scripts/$suite" ] || script=("$scripts/gutsy") ;;
    esac
    debootstrap --variant=minbase --components="$components" \
        --include=python3,python3-venv,git,ca-certificates "$suite" "$bare" "$mirror" "${script[@]}"
fi
for file in /etc/resolv.conf "$@"; do
    mkdir -p "$bare$(dirname "$file")"
    cp -rL "$file" "$bare$(dirname "$file")/"
done
rm -rf "$bare/srv/shelter-desk"
git clone --quiet --no-local "$checkout" "$bare/srv/shelter-desk"
git -C "$bare/srv/shelter-desk" log -1 --format='commit %h of %ci'

for mount in proc sys dev dev/pts dev/shm; do
    mkdir -p "$bare/$mount"
    mountpoint -q "$bare/$mount" || case $mount in
        proc) mount -t proc proc "$bare/proc" ;;
        dev/pts) mount -t devpts devpts "$bare/dev/pts" ;;
        dev/shm) mount -t tmpfs tmpfs "$bare/dev/shm" ;;
        *) mount --bind "/$mount" "$bare/$mount" ;;
    esac
done
trap 'for mount in dev/shm dev/pts dev sys proc; do umount "$bare/$mount" 2>/dev/null || true; done' EXIT

inside() {
    kept=$(env | grep -E '^(PIP_|[A-Z_]*CERT_?[A-Z_]*=|[A-Z]*_PROXY=)' || true)
    mapfile -t kept <<<"$kept"
    chroot "$bare" /usr/bin/env -i "${kept[@]}" HOME=/root LANG=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        sh -c "cd /srv/shelter-desk && $1" </dev/null
}
code=0
for action in run test; do
    started=$SECONDS
    echo "=== python3 packaging/desk.py $action"
    if inside "python3 packaging/desk.py $action"; then word=passed; else word=FAILED code=1; fi
    echo "=== $action: $word after $((SECONDS - started)) s"
done
exit "$code"
