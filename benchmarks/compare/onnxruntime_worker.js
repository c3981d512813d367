/* Does with ONNX Runtime what it is asked to on standard input, a JSON object a line, and answers with a JSON object a line.

    {"file": "unet16.onnx", "input": [8, 1, 256, 256], "threads": 2, "repetitions": 5}

The answer is {"ms": [..one number a repetition..], "peakBytes": the process's highest resident memory}, or {"error": "why not"}. The first line that
it writes is {"version": ONNX Runtime's}, or {"error": "why not"}. It sleeps while it is not asked. */
"use strict";

const fs = require("node:fs");
const readline = require("node:readline");

function say(answer) {
  fs.writeSync(1, JSON.stringify(answer) + "\n");
}

function reason(error) {
  return error.message.split("\n")[0];
}

async function loaded(ort, request) {
  const session = await ort.InferenceSession.create(request.file, {
    graphOptimizationLevel: "all",
    intraOpNumThreads: request.threads,
    interOpNumThreads: 1,
  });
  const elements = request.input.reduce((product, size) => product * size, 1);
  const x = new ort.Tensor("float32", Float32Array.from({ length: elements }, () => 2 * Math.random() - 1), request.input);
  return { session, feeds: { [session.inputNames[0]]: x } };
}

function peakBytes() {
  return 1024 * Number(/^VmHWM:\s*(\d+)/m.exec(fs.readFileSync("/proc/self/status", "latin1"))[1]);
}

async function measured({ session, feeds }, repetitions) {
  const times = [];
  for (let i = 0; i < repetitions; i++) {
    const start = process.hrtime.bigint();
    await session.run(feeds);
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  return times;
}

async function main() {
  const ort = require("onnxruntime-node");
  say({ version: ort.env.versions.node });
  let kept = {};
  for await (const line of readline.createInterface({ input: process.stdin })) {
    try {
      const request = JSON.parse(line);
      // A network stays until another one is asked for.
      const piece = JSON.stringify([request.file, request.input, request.threads]);
      if (kept.piece !== piece) {
        await kept.session?.release();
        kept = {};
        kept = { piece, ...(await loaded(ort, request)) };
      }
      say({ ms: await measured(kept, request.repetitions), peakBytes: peakBytes() });
    } catch (error) {
      say({ error: reason(error) });
    }
  }
}

main().catch((error) => say({ error: reason(error) }));
