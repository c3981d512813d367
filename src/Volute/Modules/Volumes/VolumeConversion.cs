namespace Volute;

/// <summary>Growing 2D networks into 3D.</summary>
public static class VolumeConversion
{
    extension(Module network)
    {
        /// <summary>
        /// Turns a network of pictures, (N, C, H, W), into one of volumes, (N, C, D, H, W), that begins with its weights: convolutions and transposed ones take
        /// the given form, poolings, normalizations, paddings, dropout and interpolation (bilinear → trilinear) their 3D one; every number of the two axes, which must
        /// be equal, holds for the third. The network itself is changed, own modules with forwards of any rank included; names of the state stay, and but
        /// for <see cref="VolumeForm.Inflated"/> shapes too, so that state files of the 2D network fit. Parameters are those that there were, but for inflated weights and what <see cref="VolumeForm.SoftAcs"/>
        /// adds: there make the optimizer afterwards.
        /// </summary>
        /// <param name="form">What becomes of the convolutions.</param>
        /// <returns>The network; where it is a single layer, the layer in its place.</returns>
        /// <exception cref="InvalidArgumentException">A layer has no form for volumes, or there is none of two axes; the network is as it was.</exception>
        public Module ToVolumes(VolumeForm form = VolumeForm.Acs)
        {
            ArgumentNullException.ThrowIfNull(network);
            Dictionary<Module, Module> volumes = [];
            foreach (Module module in network.Modules())
            {
                if (!volumes.ContainsKey(module))
                    volumes[module] = module.InVolumes(form);
            }
            if (volumes.All(pair => pair.Key == pair.Value))
                throw new InvalidArgumentException($"{network.Kind}: has no layer of two spatial axes that could work on volumes");
            network.ReplaceAll(volumes);
            foreach (Module module in volumes.Keys)
                module.BecameVolumes(form);
            return volumes[network];
        }
    }
}
