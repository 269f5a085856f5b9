"""A happy-follower upstream that keeps the rules of its tokens, and plays what a test wants for all else."""

import json
import threading

from tests.panel.lib.raw_server import RawServer, http_answer

UNAUTHORIZED = "401 Unauthorized"
TOKEN_ERROR = {"operation": "error", "message": "Invalid token"}


def json_answer(value, status="200 OK", headers=()):
    """The bytes of a whole JSON answer."""
    return http_answer(json.dumps(value), status, headers)


class TokenServer:
    """`with TokenServer(KEY, *plays) as server`: `plays` answer, in order, the calls made with a good token.

    As in the contract: a refresh token has one token at a time, and `ref-auth` asks for that one as the old.
    `spoil` maps "auth" or "ref-auth" to an answer given instead.
    """

    def __init__(self, key, *plays):
        self.key = key
        self.spoil = {}
        self._plays = list(plays)
        self._lock = threading.Lock()
        self._tokens = {}
        self._made = 0
        self._raw = RawServer(self._answer)

    def __enter__(self):
        self._raw.__enter__()
        self.url = f"{self._raw.url}/api/v1"
        return self

    def __exit__(self, *exc):
        self._raw.__exit__(*exc)

    @property
    def requests(self):
        return self._raw.requests

    @property
    def paths(self):
        """The paths asked for below the API's own, in order."""
        return [request.target.removeprefix("/api/v1/") for request in self._raw.requests]

    def count(self, path):
        """How many calls of `path` arrived."""
        return self.paths.count(path)

    def kill_tokens(self):
        """Every token is dead from now on; refresh tokens stay good."""
        with self._lock:
            self._tokens = {refresh: (token, False) for refresh, (token, _alive) in self._tokens.items()}

    def revoke(self):
        """Refresh tokens are dead too."""
        with self._lock:
            self._tokens = {}

    def _answer(self, sock, request):
        path = request.target.rpartition("/")[2]
        with self._lock:
            if path in self.spoil:
                play = self.spoil[path]
            elif path == "auth":
                play = self._auth(request)
            elif path == "ref-auth":
                play = self._refresh(request)
            elif not self._knows(request):
                play = json_answer(TOKEN_ERROR, UNAUTHORIZED)
            else:
                play = self._plays.pop(0) if len(self._plays) > 1 else self._plays[0]
        play(sock, request) if callable(play) else sock.sendall(play)

    def _auth(self, request):
        if request.headers.get("authorization") != f"Bearer {self.key}":
            return json_answer({"operation": "error", "message": "کلید API نامعتبر است"}, UNAUTHORIZED)
        token, refresh = self._mint("token"), self._mint("refresh")
        self._tokens[refresh] = (token, True)
        return json_answer({"operation": "success", "refreshToken": refresh, "token": token})

    def _refresh(self, request):
        refresh = request.headers.get("refresh-token", "").removeprefix("Bearer ")
        old = request.headers.get("old-token", "").removeprefix("Bearer ")
        if refresh not in self._tokens or self._tokens[refresh][0] != old:
            return json_answer(TOKEN_ERROR, UNAUTHORIZED)
        token = self._mint("token")
        self._tokens[refresh] = (token, True)
        return json_answer({"operation": "success", "token": token})

    def _knows(self, request):
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return (given, True) in self._tokens.values()

    def _mint(self, name):
        self._made += 1
        return f"{name}-secret-{self._made:04}"
