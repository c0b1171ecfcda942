# For systems other than Debian 12: builds the plugin and the demo in a Debian 12 container.
#
#   docker build -t spanlog . && docker run --rm spanlog              the demo
#   docker run --rm spanlog scripts/test                              every test
#
# The plugin itself: docker run --rm -v "$PWD/out:/out" spanlog sh -c 'scripts/package && cp *.zip /out'
FROM debian:12
WORKDIR /spanlog

# Only setup's own files first: the tools stay cached while the sources change.
COPY scripts/setup scripts/setup
COPY scripts/lib scripts/lib
COPY cmake cmake
COPY tests/conformance/go.mod tests/conformance/go.mod
RUN scripts/setup --arm64

COPY . .
RUN scripts/build
CMD ["scripts/demo"]
