// Counting multiplications: 7x7x3 becomes 5x5x128 with 86,400, or with 10,275 where the convolution is separable.
#:project ../src/Volute/Volute.csproj
using Volute;

Shape input = [1, 3, 7, 7];
var plain = new Conv2d(3, 128, kernelSize: 3, bias: false);
var separable = new Sequential(
    new Conv2d(3, 3, kernelSize: 3, groups: 3, bias: false),
    new Conv2d(3, 128, kernelSize: 1, bias: false));

Console.WriteLine("plain: 128 kernels of 3x3x3, at 5x5 places");
Console.WriteLine($"128 * 27 * 25 = {128 * 27 * 25:N0}");
Console.WriteLine(Summary.Of(plain, input));

Console.WriteLine("separable: 3 kernels of 3x3x1, then 128 of 1x1x3, both at 5x5 places");
Console.WriteLine($"3 * 9 * 25 + 128 * 3 * 25 = {3 * 9 * 25} + {128 * 3 * 25:N0} = {3 * 9 * 25 + 128 * 3 * 25:N0}");
Console.WriteLine(Summary.Of(separable, input));

// The share is 1/128 + 1/9 whatever the size: the more outputs, the nearer to a ninth.
double share = (double)Summary.Of(separable, input).Multiplies / Summary.Of(plain, input).Multiplies;
Console.WriteLine($"{share:P1} = 1/128 + 1/9 = {1.0 / 128 + 1.0 / 9:P1}");

/* Prints
plain: 128 kernels of 3x3x3, at 5x5 places
128 * 27 * 25 = 86,400
layer kind               output           parameters        multiplies
      Conv2d 3->128 k3x3 [1, 128, 5, 5]        3,456            86,400
output [1, 128, 5, 5], 3,456 parameters, 86,400 multiplies
separable: 3 kernels of 3x3x1, then 128 of 1x1x3, both at 5x5 places
3 * 9 * 25 + 128 * 3 * 25 = 675 + 9,600 = 10,275
layer kind                output           parameters        multiplies
0     Conv2d 3->3 k3x3 g3 [1, 3, 5, 5]             27               675
1     Conv2d 3->128 k1x1  [1, 128, 5, 5]          384             9,600
output [1, 128, 5, 5], 411 parameters, 10,275 multiplies
11.9 % = 1/128 + 1/9 = 11.9 %
*/
