"""A model that needs no key and no network: an OpenAI-style server with a small script of answers.

It asks for the tools it is given, one after the other, and then sums up what they said. Every seventh request
fails, so that there is an error to look at.
"""

import argparse
import itertools
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REQUESTS = itertools.count(1)
FAILS_EVERY = 7


def city_of(messages):
    """The last word of the user's first message: what the sample agent asks about."""
    for message in messages:
        if message["role"] == "user":
            return message["content"].rstrip("?!. ").split()[-1]
    return "nowhere"


def answer(request):
    """The next step of the run: a tool call for each tool that was not called yet, then a summary."""
    messages = request["messages"]
    called = sum(1 for message in messages if message["role"] == "tool")
    tools = request.get("tools", [])
    city = city_of(messages)
    if called < len(tools):
        function = {"name": tools[called]["function"]["name"], "arguments": json.dumps({"city": city})}
        call = {"id": f"call_{called + 1}_{city.lower()}", "type": "function", "function": function}
        return {"role": "assistant", "content": None, "tool_calls": [call]}, "tool_calls"
    facts = "\n".join(f"- {message['content']}" for message in messages if message["role"] == "tool")
    return {"role": "assistant", "content": f"What I know about **{city}**:\n{facts}\n\nHave a good trip!"}, "stop"


def words(value):
    return len(json.dumps(value).split())


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        number = next(REQUESTS)
        if number % FAILS_EVERY == 0:
            return self.reply(503, {"error": {"message": "The model is overloaded", "type": "server_error"}})
        time.sleep(0.2)
        message, finish = answer(request)
        taken, given = words(request["messages"]), words(message)
        usage = {"prompt_tokens": taken, "completion_tokens": given, "total_tokens": taken + given}
        choice = {"index": 0, "message": message, "finish_reason": finish}
        return self.reply(200, {
            "id": f"chatcmpl-{number}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": request["model"],
            "choices": [choice],
            "usage": usage,
        })

    def reply(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        """Says nothing: the logs of this stack are the agent's."""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8080)
    ThreadingHTTPServer(("0.0.0.0", parser.parse_args().port), Handler).serve_forever()
