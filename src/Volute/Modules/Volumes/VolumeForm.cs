namespace Volute;

/// <summary>What becomes of a 2D convolution's kernel (K×K) in a volume. Each form has the sizes of a K×K×K convolution, and all but the last the 2D parameters.</summary>
public enum VolumeForm
{
    /// <summary>
    /// A third of the output channels look at axial planes with kernels (1, K, K), a third at coronal ones (K, 1, K), a third at sagittal ones (K, K, 1):
    /// a K-th of the multiplications of K×K×K (ACS; Yang et al., 2021).
    /// </summary>
    Acs,

    /// <summary>Each output channel is the mean of its three views.</summary>
    MeanAcs,

    /// <summary>Each output channel is a mean of its three views whose weights are learned: softmax of a state "views" (O, 3), zeros at first.</summary>
    SoftAcs,

    /// <summary>Axial planes only, (1, K, K): each slice by itself.</summary>
    Conv2p5d,

    /// <summary>An ordinary 3D convolution whose first weights repeat the 2D ones K times, divided by K (I3D; Carreira and Zisserman, 2017).</summary>
    Inflated,
}
