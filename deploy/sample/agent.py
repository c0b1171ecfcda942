"""A small agent: it answers a question about a city with two tools, and emits traces and logs with OpenTelemetry.

Where the data goes is said by the standard OTEL_EXPORTER_OTLP_* variables; where the model is, by OPENAI_BASE_URL. With
LOG_FILE its log lines also go to that file as JSON, for collectors that read files.
"""

import argparse
import itertools
import json
import logging
import os
import time

from openai import OpenAI, OpenAIError
from opentelemetry import trace
from opentelemetry._events import set_event_logger_provider
from opentelemetry._logs import set_logger_provider
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor
from opentelemetry.sdk._events import EventLoggerProvider
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

CITIES = ["Lisbon", "Oslo", "Kyoto", "Quito", "Nairobi"]
MODEL = "fake-model-1"
LOG = logging.getLogger("travel")


def get_weather(city):
    return f"Weather in {city}: {len(city) * 3} degrees, light wind <from the sea>"


def get_exchange_rate(city):
    LOG.warning("exchange rate of %s is a day old", city)
    return f"One euro buys {len(city)} coins in {city}"


TOOLS = {function.__name__: function for function in (get_weather, get_exchange_rate)}
TOOL_SPECS = [
    {
        "type": "function",
        "function": {
            "name": name,
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        },
    }
    for name in TOOLS
]


class JsonLines(logging.Formatter):
    """One JSON object a line, with the IDs of the span that was active: what log collectors without OTLP read."""

    def format(self, record):
        context = trace.get_current_span().get_span_context()
        return json.dumps({
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "trace_id": trace.format_trace_id(context.trace_id),
            "span_id": trace.format_span_id(context.span_id),
        })


def set_up_telemetry():
    traces = TracerProvider()
    traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(traces)
    logs = LoggerProvider()
    set_logger_provider(logs)
    # The instrumentation emits messages as events: log records with a name.
    set_event_logger_provider(EventLoggerProvider(logs))
    handlers = [logging.StreamHandler()]
    handlers[0].setFormatter(JsonLines())
    # Either by OTLP or through a file: both would show each line twice.
    if os.environ.get("LOG_FILE"):
        handlers.append(logging.FileHandler(os.environ["LOG_FILE"]))
        handlers[1].setFormatter(JsonLines())
    else:
        logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
        handlers.append(LoggingHandler(logger_provider=logs))
        handlers[1].setFormatter(logging.Formatter("%(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=handlers)
    # The HTTP client logs each request: nothing that a reader of a run looks for.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    OpenAIInstrumentor().instrument()
    return traces, logs


def run(client, tracer, city, conversation):
    """One run: questions to the model and calls of its tools, until it answers."""
    attributes = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "travel-agent",
        "gen_ai.conversation.id": conversation,
        "user.id": "sample-user",
    }
    with tracer.start_as_current_span("invoke_agent travel-agent", attributes=attributes) as span:
        LOG.info("question about %s", city)
        messages = [
            {"role": "system", "content": "You are a travel guide. Use the tools, then answer in Markdown."},
            {"role": "user", "content": f"What should I know before I travel to {city}?"},
        ]
        while True:
            choice = client.chat.completions.create(model=MODEL, messages=messages, tools=TOOL_SPECS).choices[0]
            messages.append(choice.message.model_dump(exclude_none=True))
            if choice.finish_reason != "tool_calls":
                break
            messages.extend(call_tool(tracer, call) for call in choice.message.tool_calls)
        LOG.info("answered with %d messages", len(messages))
        return span.get_span_context().trace_id


def call_tool(tracer, call):
    name = call.function.name
    attributes = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": name,
        "gen_ai.tool.call.id": call.id,
    }
    with tracer.start_as_current_span(f"execute_tool {name}", attributes=attributes):
        result = TOOLS[name](**json.loads(call.function.arguments))
        LOG.info("%s said: %s", name, result)
    return {"role": "tool", "tool_call_id": call.id, "content": result}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=float, default=0, help="seconds between runs; 0: one run")
    every = parser.parse_args().every
    traces, logs = set_up_telemetry()
    client = OpenAI(max_retries=1)
    tracer = trace.get_tracer("travel-agent")
    for number in itertools.count():
        city = CITIES[number % len(CITIES)]
        try:
            trace_id = run(client, tracer, city, f"conv-{number // len(CITIES) + 1}")
            LOG.info("run %s", trace.format_trace_id(trace_id))
        except OpenAIError as error:
            # The span has the error; the next run begins anew.
            LOG.error("run about %s failed: %s", city, error)
        if not every:
            break
        time.sleep(every)
    traces.shutdown()
    logs.shutdown()


if __name__ == "__main__":
    main()
