#!/bin/sh
# setup.sh <python> run|dev: installs the hashed versions of requirements/<run|dev>.lock into .venv.
set -eu
python=$1 lock=$2
if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "personalize needs Python 3.11 or later (make PYTHON=<path>)." >&2
    exit 2
fi
if [ ! -x .venv/bin/pip ]; then
    echo "Setting up .venv with $("$python" --version) …"
    "$python" -m venv --clear .venv
fi
echo "Installing requirements/$lock.lock into .venv …"
install() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "requirements/$1.lock"
}
install pip # an older pip looks past the lock when a package asks for another one's extra
install "$lock"
touch .venv/run.stamp ".venv/$lock.stamp"
