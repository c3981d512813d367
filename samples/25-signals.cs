// Convolutions of signals, in 1D: a moving average takes noise away, a matched filter finds a known form in it.
#:project ../src/Volute/Volute.csproj
using Volute;

Settings.Seed = 1;

// (N, C, L): one signal of one channel. A step from 0 to 10, then a single wrong value.
Tensor steps = Tensor.FromArray([0f, 0, 0, 0, 10, 10, 10, 10, 10, 40, 10, 10], [1, 1, 12]);
var average = new Conv1d(1, 1, kernelSize: 3, padding: 1, bias: false, paddingMode: PaddingMode.Replicate);
average.Weight.Assign(Tensor.Full([1, 1, 3], 1.0 / 3));
Console.WriteLine($"signal         {string.Join(' ', steps.ToArray())}");
Console.WriteLine($"mean of three  {string.Join(' ', average.Forward(steps).ToArray().Select(v => $"{v:F0}"))}");

// Causal: an output sees nothing that comes after it, as a filter that runs while the signal comes in.
var causal = new Conv1d(1, 1, kernelSize: 3, padding: "causal", bias: false);
causal.Weight.Assign(average.Weight);
Console.WriteLine($"of three past  {string.Join(' ', causal.Forward(steps).ToArray().Select(v => $"{v:F0}"))}");

// A chirp of 64 samples, hidden at position 700 in noise that is louder than it.
const int Length = 64, Hidden = 700;
float[] chirp = [.. Enumerable.Range(0, Length).Select(t => (float)Math.Sin(2 * Math.PI * (0.02 + 0.0016 * t) * t))];
Tensor form = Tensor.FromArray(chirp, [1, 1, Length]);
Tensor noise = Tensor.Normal([1, 1, 1024], deviation: 1.2);
Tensor received = (noise + form.Pad(2, Hidden, 1024 - Hidden - Length)).Evaluate();
double loudness = Math.Sqrt(noise.Slice(2, 0, Hidden).Variance().Item()), signal = Math.Sqrt(form.Variance().Item());
Console.WriteLine($"the chirp is {signal:F1} loud, the noise {loudness:F1}; the loudest sample is at {received.Abs().ArgMax(2).ToArray<int>()[0]}");

// The matched filter is the form itself: at the right place all products are positive and add up.
var matched = new Conv1d(1, 1, kernelSize: Length, bias: false);
matched.Weight.Assign(form);
Tensor answer = matched.Forward(received);
int place = answer.ArgMax(2).ToArray<int>()[0];
Console.WriteLine($"{received.Shape} becomes {answer.Shape}; the filter answers loudest at {place}");
double usual = Math.Sqrt(answer.Variance().Item());
Console.WriteLine($"where it should: {place == Hidden}, {answer.Max().Item() / usual:F0} times louder than it usually is");

// A stride and a dilation in 1D, as everywhere.
Console.WriteLine($"stride 4: {new Conv1d(1, 8, 9, stride: 4, padding: 4).Forward(received).Shape}");
Console.WriteLine($"dilation 16: {new Conv1d(1, 8, 9, dilation: 16).Forward(received).Shape}");

/* Prints
signal         0 0 0 0 10 10 10 10 10 40 10 10
mean of three  0 0 0 3 7 10 10 10 20 20 20 10
of three past  0 0 0 0 3 7 10 10 10 20 20 20
the chirp is 0.7 loud, the noise 1.2; the loudest sample is at 352
[1, 1, 1024] becomes [1, 1, 961]; the filter answers loudest at 700
where it should: True, 5 times louder than it usually is
stride 4: [1, 8, 256]
dilation 16: [1, 8, 896]
*/
