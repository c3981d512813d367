using Volute.Formats;
using Volute.Training;

namespace Volute.Cli;

/// <summary>The picture that the demo leaves: for a few images, the image, the drawn truth, the prediction and the errors side by side.</summary>
internal static class DemoPicture
{
    private const int Cases = 3, Gap = 4;

    public static void Write(string path, Predictor predictor, Dataset test)
    {
        List<Picture[]> rows = [];
        for (int i = 0; i < Math.Min(Cases, test.Count); i++)
        {
            Sample sample = test[i];
            int[] found = predictor.Segment(sample.Image, sample.ImageShape).Classes;
            Picture image = Picture.FromBytes([.. sample.Image.Select(v => (byte)Math.Clamp(v * 255, 0, 255))], sample.ImageShape[2], sample.ImageShape[1], 1);
            rows.Add([image, LabelPictures.Overlay(image, sample.Labels), LabelPictures.Overlay(image, found), LabelPictures.Errors(image, found, sample.Labels)]);
        }
        ImageFile.Write(path, Join(rows));
    }

    private static Picture Join(List<Picture[]> rows)
    {
        int columns = rows[0].Length, width = rows[0][0].Width, height = rows[0][0].Height;
        int allWidth = columns * (width + Gap) - Gap, allHeight = rows.Count * (height + Gap) - Gap;
        byte[] pixels = new byte[allWidth * allHeight * 3];
        Array.Fill(pixels, (byte)255);
        for (int r = 0; r < rows.Count; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                Picture picture = rows[r][c];
                byte[] samples = picture.ToBytes();
                for (int y = 0; y < height; y++)
                {
                    for (int x = 0; x < width; x++)
                    {
                        for (int k = 0; k < 3; k++)
                            pixels[((r * (height + Gap) + y) * allWidth + c * (width + Gap) + x) * 3 + k] = samples[(y * width + x) * picture.Channels + (picture.Channels >= 3 ? k : 0)];
                    }
                }
            }
        }
        return Picture.FromBytes(pixels, allWidth, allHeight, 3);
    }
}
